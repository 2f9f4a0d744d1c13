import { decodePercent } from "./canonical-url.ts";
import { type ChecksumAlgorithm, checksumAlgorithm, checksumAlgorithms } from "./checksums.ts";
import { checksumElements, describeObject, encryptionHeaders } from "./object-description.ts";
import type { ObjectDescription, StoredObject } from "./object-version.ts";
import { defaultAlgorithm } from "./receive-object.ts";
import { findObject, type S3Call, type S3Handler, versionHeader } from "./s3-call.ts";
import { plainObject, storeObject } from "./s3-put-object.ts";
import { xmlDocument } from "./xml.ts";

/** Copies a version with its metadata. The copy is encrypted as its bucket encrypts, and has a checksum of its whole bytes. */
export const copyObject: S3Handler = async (call, world) => {
  const bucket = world.store.bucket(call.bucket);
  const from = readSource(call);
  const sourceBucket = world.store.bucket(from.bucket);
  const source = findObject(from, sourceBucket.history(from.key), from.versionId);
  const written = await bucket.bytes.write(sourceBucket.bytes.read(source.file), copyAlgorithm(call, source));
  const description = copyDescription(source, describeObject(call.headers, bucket.encryption()));
  const stored = await storeObject({ call, world, bucket, object: plainObject(description, written) });
  return {
    status: 200,
    stored: stored.size,
    headers: {
      ...encryptionHeaders(stored),
      ...versionHeader(bucket, stored.versionId),
      "x-amz-copy-source-version-id": versionHeader(sourceBucket, source.versionId)["x-amz-version-id"],
    },
    body: xmlDocument("CopyObjectResult", {
      LastModified: new Date(stored.lastModifiedMs).toISOString(),
      ETag: `"${stored.etag}"`,
      ChecksumType: "FULL_OBJECT",
      ...checksumElements(stored.checksums),
    }),
  };
};

function readSource(call: S3Call) {
  const [path = "", query = ""] = (call.headers["x-amz-copy-source"] ?? "").split("?");
  const [bucket = "", ...key] = decodePercent(path).replace(/^\//, "").split("/");
  return { ...call, bucket, key: key.join("/"), versionId: new URLSearchParams(query).get("versionId") ?? undefined };
}

function copyDescription({ headers, metadata }: ObjectDescription, target: ObjectDescription): ObjectDescription {
  const encryptionOfSource = Object.keys(encryptionHeaders({ headers, metadata }));
  const kept = Object.entries(headers).filter(([name]) => !encryptionOfSource.includes(name));
  return { headers: { ...Object.fromEntries(kept), ...encryptionHeaders(target) }, metadata };
}

function copyAlgorithm(call: S3Call, { checksums }: StoredObject): ChecksumAlgorithm {
  const requested = checksumAlgorithm(call.headers["x-amz-checksum-algorithm"]);
  return requested ?? checksumAlgorithms.find((name) => checksums[name]) ?? defaultAlgorithm;
}
