import { AwsError } from "./aws-error.ts";
import type { Checksums } from "./checksums.ts";
import type { ChecksumType, ObjectDescription, StoredObject, Tag } from "./object-version.ts";
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
/** S3 user guide: "Categorizing your storage using tags". */
const maxTags = 10;

/** Reads the object's metadata from the headers of a write. S3 encrypts with AES256 by default. */
export function describeObject(headers: WireHeaders): ObjectDescription {
  const kept = Object.fromEntries(keptHeaders.flatMap((name) => pair(name, headers[name])));
  const encoding = (headers["content-encoding"] ?? "").split(",").map((name) => name.trim());
  const remaining = encoding.filter((name) => name !== "" && name !== "aws-chunked").join(",");
  return {
    headers: {
      "content-type": "binary/octet-stream",
      [encryption]: "AES256",
      ...kept,
      ...(remaining && { "content-encoding": remaining }),
    },
    metadata: readMetadata(headers),
    tags: readTags([...new URLSearchParams(headers["x-amz-tagging"] ?? "")].map(([key, value]) => ({ key, value }))),
  };
}

/** S3 user guide, "Object tags": letters, digits, spaces and a few signs. */
const tagText = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Refuses tags that S3 would refuse. */
export function readTags(tags: readonly Tag[]): readonly Tag[] {
  if (tags.length > maxTags) throw new AwsError(400, "BadRequest", "Object tags cannot be greater than 10");
  if (new Set(tags.map((tag) => tag.key)).size < tags.length) {
    throw new AwsError(400, "InvalidTag", "Cannot provide multiple Tags with the same key");
  }
  for (const { key, value } of tags) {
    if (key.length < 1 || key.length > 128 || !tagText.test(key)) {
      throw new AwsError(400, "InvalidTag", "The TagKey you have provided is invalid");
    }
    if (value.length > 256 || !tagText.test(value)) {
      throw new AwsError(400, "InvalidTag", "The TagValue you have provided is invalid");
    }
  }
  return tags;
}

export function encryptionHeaders(description: ObjectDescription): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(description.headers).filter(([name]) => name.startsWith(encryption)));
}

export function checksumHeaders(checksums: Checksums, type?: ChecksumType): Readonly<Record<string, string>> {
  const values = Object.entries(checksums).flatMap(([algorithm, value]) => pair(`x-amz-checksum-${algorithm}`, value));
  return { ...Object.fromEntries(values), ...(type && { "x-amz-checksum-type": type }) };
}

/** The checksum elements in the response of a copy or a completed upload. */
export function checksumElements(checksums: Checksums): Readonly<Record<string, string>> {
  const values = Object.entries(checksums).flatMap(([name, value]) => pair(`Checksum${name.toUpperCase()}`, value));
  return Object.fromEntries(values);
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
    ...(object.tags.length > 0 && { "x-amz-tagging-count": String(object.tags.length) }),
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
