import { AwsError } from "./aws-error.ts";
import type { Checksums } from "./checksums.ts";
import type { Encryption, ObjectDescription, StoredObject } from "./object-version.ts";
import type { WireHeaders } from "./wire.ts";

const metadataPrefix = "x-amz-meta-";
const encryption = "x-amz-server-side-encryption";
const keptHeaders = [
  "cache-control",
  "content-disposition",
  "content-language",
  "content-type",
  "expires",
  encryption,
  `${encryption}-aws-kms-key-id`,
  `${encryption}-bucket-key-enabled`,
];

/** S3 user guide: "Working with object metadata". */
const maxMetadataBytes = 2048;

/** Reads the object's metadata from the headers of a write. What names no encryption is encrypted as its bucket encrypts. */
export function describeObject(headers: WireHeaders, bucketEncryption: Encryption): ObjectDescription {
  const kept = Object.fromEntries(keptHeaders.flatMap((name) => pair(name, headers[name])));
  const encoding = (headers["content-encoding"] ?? "").split(",").map((name) => name.trim());
  const remaining = encoding.filter((name) => name !== "" && name !== "aws-chunked").join(",");
  return {
    headers: {
      "content-type": "binary/octet-stream",
      [encryption]: bucketEncryption,
      ...kept,
      ...(remaining && { "content-encoding": remaining }),
    },
    metadata: readMetadata(headers),
  };
}

export function isUnderKms({ headers }: ObjectDescription): boolean {
  return (headers[encryption] ?? "").startsWith("aws:kms");
}

export function encryptionHeaders(description: ObjectDescription): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(description.headers).filter(([name]) => name.startsWith(encryption)));
}

export function checksumHeaders(checksums: Checksums): Readonly<Record<string, string>> {
  const values = Object.entries(checksums).flatMap(([algorithm, value]) => pair(`x-amz-checksum-${algorithm}`, value));
  return { ...Object.fromEntries(values), "x-amz-checksum-type": "FULL_OBJECT" };
}

/** The checksum elements in the response to a copy. */
export function checksumElements(checksums: Checksums): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(checksums).flatMap(([name, value]) => pair(`Checksum${name.toUpperCase()}`, value)),
  );
}

/** Returns the headers with which GET and HEAD describe an object. */
export function objectHeaders(object: StoredObject): Readonly<Record<string, string>> {
  const metadata = Object.entries(object.metadata).map(([name, value]) => [`${metadataPrefix}${name}`, value]);
  return {
    ...object.headers,
    ...Object.fromEntries(metadata),
    "accept-ranges": "bytes",
    etag: `"${object.etag}"`,
    "last-modified": new Date(object.lastModifiedMs).toUTCString(),
  };
}

function readMetadata(headers: WireHeaders): Readonly<Record<string, string>> {
  const names = Object.keys(headers).filter((name) => name.startsWith(metadataPrefix));
  const metadata = Object.fromEntries(names.map((name) => [name.slice(metadataPrefix.length), headers[name] ?? ""]));
  const size = Object.entries(metadata).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (size > maxMetadataBytes) {
    throw new AwsError(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
  }
  return metadata;
}

function pair(name: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[name, value]];
}
