import { randomUUID } from "node:crypto";
import { AwsError } from "./aws-error.ts";
import { type ChecksumAlgorithm, checksumAlgorithm } from "./checksums.ts";
import { declaredDigests } from "./digests.ts";
import { checksumHeaders, describeObject, encryptionHeaders } from "./object-description.ts";
import type { ChecksumType } from "./object-version.ts";
import { defaultAlgorithm, receiveObject } from "./receive-object.ts";
import type { S3Call, S3Handler } from "./s3-call.ts";
import type { Upload, UploadedPart } from "./uploads.ts";
import { xmlDocument } from "./xml.ts";

/** S3 user guide: "Multipart upload limits". */
const maxParts = 10_000;

/** S3 user guide, "Checking object integrity"; the first is S3's choice when the caller makes none. */
const checksumTypes: Readonly<Record<ChecksumAlgorithm, readonly ChecksumType[]>> = {
  crc32: ["COMPOSITE", "FULL_OBJECT"],
  crc32c: ["COMPOSITE", "FULL_OBJECT"],
  crc64nvme: ["FULL_OBJECT"],
  sha1: ["COMPOSITE"],
  sha256: ["COMPOSITE"],
};

export const createMultipartUpload: S3Handler = async (call, world) => {
  const bucket = world.store.bucket(call.bucket);
  const description = describeObject(call.headers);
  const algorithm = checksumAlgorithm(call.headers["x-amz-checksum-algorithm"]);
  const checksumType = readChecksumType(call, algorithm);
  const upload = { uploadId: randomUUID(), key: call.key, description, checksumType, parts: [] };
  await bucket.uploads.create({ ...upload, ...(algorithm && { algorithm }) });
  return {
    status: 200,
    headers: {
      ...encryptionHeaders(description),
      ...(algorithm && { "x-amz-checksum-algorithm": algorithm.toUpperCase(), "x-amz-checksum-type": checksumType }),
    },
    body: xmlDocument("InitiateMultipartUploadResult", {
      Bucket: bucket.name,
      Key: call.key,
      UploadId: upload.uploadId,
    }),
  };
};

export const uploadPart: S3Handler = async (call, world) => {
  const bucket = world.store.bucket(call.bucket);
  const number = readPartNumber(call);
  const upload = openUpload(call, bucket.uploads.get(uploadIdOf(call)));
  requireAlgorithm(call, upload);
  const { md5, ...written } = await receiveObject(call, bucket, upload.algorithm);
  const part: UploadedPart = { number, ...written, etag: md5.toString("hex") };
  const unused = await bucket.uploads.change(upload.uploadId, async (current) => {
    if (!current) return { result: part.file };
    const others = current.parts.filter((other) => other.number !== number);
    const replaced = current.parts.find((other) => other.number === number);
    return { upload: { ...current, parts: [...others, part] }, result: replaced?.file };
  });
  if (unused !== undefined) await bucket.bytes.remove(unused);
  if (unused === part.file) throw noSuchUpload(call);
  return {
    status: 200,
    headers: {
      etag: `"${part.etag}"`,
      ...checksumHeaders(part.checksums),
      ...encryptionHeaders(upload.description),
    },
  };
};

export const abortMultipartUpload: S3Handler = async (call, world) => {
  const { uploads, bytes } = world.store.bucket(call.bucket);
  const parts = await uploads.change(uploadIdOf(call), async (upload) => ({ result: openUpload(call, upload).parts }));
  await Promise.all(parts.map((part) => bytes.remove(part.file)));
  return { status: 204 };
};

export function uploadIdOf(call: S3Call): string {
  return call.query.get("uploadId") ?? "";
}

/** The upload, if it is still open and belongs to the requested key. */
export function openUpload(call: S3Call, upload: Upload | undefined): Upload {
  if (upload?.key !== call.key) throw noSuchUpload(call);
  return upload;
}

function noSuchUpload(call: S3Call): AwsError {
  const message =
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.";
  return new AwsError(404, "NoSuchUpload", message, { details: { UploadId: uploadIdOf(call) } });
}

function readChecksumType(call: S3Call, algorithm: ChecksumAlgorithm | undefined): ChecksumType {
  const requested = call.headers["x-amz-checksum-type"];
  const possible = checksumTypes[algorithm ?? defaultAlgorithm];
  const type = requested === undefined ? possible[0] : possible.find((candidate) => candidate === requested);
  if (type) return type;
  const message = `The ${requested} checksum type cannot be used with the ${algorithm ?? "default"} checksum algorithm.`;
  throw new AwsError(400, "InvalidRequest", message);
}

function requireAlgorithm(call: S3Call, upload: Upload): void {
  const { algorithm } = declaredDigests(call.headers);
  if (upload.algorithm === undefined || algorithm === upload.algorithm) return;
  if (algorithm === undefined && upload.checksumType === "FULL_OBJECT") return;
  throw new AwsError(
    400,
    "InvalidRequest",
    `Checksum Type mismatch occurred, expected checksum Type: ${upload.algorithm}, actual checksum Type: ${algorithm ?? "null"}`,
  );
}

function readPartNumber(call: S3Call): number {
  const number = Number(call.query.get("partNumber"));
  if (Number.isInteger(number) && number >= 1 && number <= maxParts) return number;
  const message = `Part number must be an integer between 1 and ${maxParts}, inclusive`;
  throw new AwsError(400, "InvalidArgument", message);
}
