import { Readable } from "node:stream";
import type { Bucket } from "./bucket.ts";
import { type ByteRange, readRange } from "./byte-range.ts";
import { checksumHeaders, objectHeaders } from "./object-description.ts";
import type { StoredObject } from "./object-version.ts";
import { findObject, requestedVersion, type S3Call, type S3Handler, versionHeader } from "./s3-call.ts";
import { readConditions } from "./s3-conditions.ts";
import type { ServiceResponse } from "./wire.ts";

export const headObject: S3Handler = async (call, world) => {
  const bucket = world.store.bucket(call.bucket);
  const object = findObject(call, bucket.history(call.key), requestedVersion(call));
  return respondWith(call, bucket, object).response;
};

/** Opens the file while the key is held, so that a write at the same time cannot take it away. */
export const getObject: S3Handler = async (call, world) => {
  const bucket = world.store.bucket(call.bucket);
  return bucket.hold(call.key, async (history) => {
    const object = findObject(call, history, requestedVersion(call));
    const { response, range } = respondWith(call, bucket, object);
    if (!range) return response;
    if (range.length === 0) return { ...response, body: Readable.from([]) };
    const file = await bucket.bytes.open(object.file);
    return { ...response, body: file.createReadStream({ start: range.start, end: range.start + range.length - 1 }) };
  });
};

function respondWith(
  call: S3Call,
  bucket: Bucket,
  object: StoredObject,
): { response: ServiceResponse; range?: ByteRange } {
  const version = versionHeader(bucket, object.versionId);
  const headers = { ...objectHeaders(object), ...version };
  if (readConditions(call, object) === "not-modified") {
    return { response: { status: 304, headers: { etag: headers.etag, "last-modified": headers["last-modified"] } } };
  }
  const range = readRange(call.headers.range, object.size);
  if (range) {
    const contentRange = `bytes ${range.start}-${range.start + range.length - 1}/${object.size}`;
    const part = { "content-length": String(range.length), "content-range": contentRange };
    return { response: { status: 206, headers: { ...headers, ...part } }, range };
  }
  const checksums = call.headers["x-amz-checksum-mode"]?.toUpperCase() === "ENABLED";
  return {
    response: {
      status: 200,
      headers: {
        ...headers,
        "content-length": String(object.size),
        ...(checksums && checksumHeaders(object.checksums)),
      },
    },
    range: { start: 0, length: object.size },
  };
}
