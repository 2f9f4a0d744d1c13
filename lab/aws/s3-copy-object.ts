import { AwsError } from "./aws-error.ts";
import { decodePercent } from "./canonical-url.ts";
import { type ChecksumAlgorithm, checksumAlgorithm, checksumAlgorithms } from "./checksums.ts";
import { checksumElements, describeObject, encryptionHeaders } from "./object-description.ts";
import type { ObjectDescription, StoredObject } from "./object-version.ts";
import { defaultAlgorithm } from "./receive-object.ts";
import { findObject, type S3Call, type S3Handler, type S3World, versionHeader } from "./s3-call.ts";
import { readConditions } from "./s3-conditions.ts";
import { plainObject, storeObject } from "./s3-put-object.ts";
import { xmlDocument } from "./xml.ts";

export const copyObject: S3Handler = async (call, world) => {
  const target = world.store.bucket(call.bucket);
  const from = readSource(call);
  const source = findSource(from, world);
  refuseCopyOntoItself(call, from);
  const bytes = world.store.bucket(from.bucket).bytes.read(source.file);
  const written = await target.bytes.write(bytes, copyAlgorithm(call, source));
  const object = plainObject(copyDescription(call, source), written);
  const stored = await storeObject({ call, world, bucket: target, object });
  return {
    status: 200,
    stored: stored.size,
    headers: { ...encryptionHeaders(stored), ...versionHeader(target, stored.versionId) },
    body: xmlDocument("CopyObjectResult", {
      LastModified: new Date(stored.lastModifiedMs).toISOString(),
      ETag: `"${stored.etag}"`,
      ChecksumType: stored.checksumType,
      ...checksumElements(stored.checksums),
    }),
  };
};

/** Reads the source like a GET request with the copy's conditions. */
interface CopySource extends S3Call {
  readonly versionId?: string;
}

function readSource(call: S3Call): CopySource {
  const [path = "", query = ""] = (call.headers["x-amz-copy-source"] ?? "").split("?");
  const [bucket = "", ...key] = decodePercent(path).replace(/^\//, "").split("/");
  const versionId = new URLSearchParams(query).get("versionId");
  const conditions = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"];
  const headers = Object.fromEntries(conditions.map((name) => [name, call.headers[`x-amz-copy-source-${name}`]]));
  return { ...call, bucket, key: key.join("/"), headers, ...(versionId && { versionId }) };
}

function findSource(from: CopySource, world: S3World): StoredObject {
  const object = findObject(from, world.store.bucket(from.bucket).history(from.key), from.versionId);
  if (readConditions(from, object) === "changed") return object;
  throw new AwsError(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
}

function refuseCopyOntoItself(call: S3Call, from: CopySource): void {
  const isSame = call.bucket === from.bucket && call.key === from.key && from.versionId === undefined;
  if (!isSame || replaces(call, "metadata") || call.headers["x-amz-server-side-encryption"]) return;
  throw new AwsError(
    400,
    "InvalidRequest",
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's " +
      "metadata, storage class, website redirect location or encryption attributes.",
  );
}

function copyDescription(call: S3Call, source: StoredObject): ObjectDescription {
  const given = describeObject(call.headers);
  const { headers, metadata } = replaces(call, "metadata") ? given : source;
  const tags = replaces(call, "tagging") ? given.tags : source.tags;
  return { headers: { ...headers, ...encryptionHeaders(given) }, metadata, tags };
}

function copyAlgorithm(call: S3Call, source: StoredObject): ChecksumAlgorithm {
  const requested = checksumAlgorithm(call.headers["x-amz-checksum-algorithm"]);
  return requested ?? checksumAlgorithms.find((name) => source.checksums[name]) ?? defaultAlgorithm;
}

function replaces(call: S3Call, what: "metadata" | "tagging"): boolean {
  return call.headers[`x-amz-${what}-directive`] === "REPLACE";
}
