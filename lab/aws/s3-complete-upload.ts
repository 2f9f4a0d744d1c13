import { createHash } from "node:crypto";
import { AwsError } from "./aws-error.ts";
import type { BytesFolder } from "./bytes-folder.ts";
import { checksumAlgorithms, compositeChecksum } from "./checksums.ts";
import { chooseParts } from "./complete-parts.ts";
import { checksumElements, encryptionHeaders } from "./object-description.ts";
import { readText } from "./payload.ts";
import { defaultAlgorithm } from "./receive-object.ts";
import { type S3Call, type S3Handler, versionHeader } from "./s3-call.ts";
import { openUpload, uploadIdOf } from "./s3-multipart.ts";
import { type NewObject, storeObject } from "./s3-put-object.ts";
import type { Upload, UploadedPart } from "./uploads.ts";
import { xmlDocument } from "./xml.ts";

/** Joins the parts. If a condition or a part is refused, the upload stays open. */
export const completeMultipartUpload: S3Handler = async (call, world) => {
  const bucket = world.store.bucket(call.bucket);
  const document = await readText(call.payload);
  const { stored, uploaded } = await bucket.uploads.change(uploadIdOf(call), async (current) => {
    const upload = openUpload(call, current);
    const object = await joinParts(call, upload, chooseParts(document, upload), bucket.bytes);
    return { result: { stored: await storeObject({ call, world, bucket, object }), uploaded: upload.parts } };
  });
  await Promise.all(uploaded.map((part) => bucket.bytes.remove(part.file)));
  return {
    status: 200,
    stored: stored.size,
    headers: { ...encryptionHeaders(stored), ...versionHeader(bucket, stored.versionId) },
    body: xmlDocument("CompleteMultipartUploadResult", {
      Location: `/${bucket.name}/${call.key}`,
      Bucket: bucket.name,
      Key: call.key,
      ETag: `"${stored.etag}"`,
      ...checksumElements(stored.checksums),
      ChecksumType: stored.checksumType,
    }),
  };
};

async function joinParts(
  call: S3Call,
  upload: Upload,
  parts: readonly UploadedPart[],
  bytes: BytesFolder,
): Promise<NewObject> {
  const algorithm = upload.algorithm ?? defaultAlgorithm;
  const { file, size, checksums } = await bytes.write(readParts(parts, bytes), algorithm);
  const isComposite = upload.checksumType === "COMPOSITE";
  const partChecksums = parts.map((part) => part.checksums[algorithm] ?? "");
  const object: NewObject = {
    ...upload.description,
    file,
    size,
    etag: multipartEtag(parts),
    checksums: isComposite ? { [algorithm]: compositeChecksum(algorithm, partChecksums) } : checksums,
    checksumType: upload.checksumType,
  };
  try {
    compareWithHeaders(call, object);
    return object;
  } catch (error) {
    await bytes.remove(file);
    throw error;
  }
}

async function* readParts(parts: readonly UploadedPart[], bytes: BytesFolder): AsyncGenerator<Buffer> {
  for (const part of parts) yield* bytes.read(part.file);
}

function multipartEtag(parts: readonly UploadedPart[]): string {
  const hash = createHash("md5");
  for (const part of parts) hash.update(part.etag, "hex");
  return `${hash.digest("hex")}-${parts.length}`;
}

function compareWithHeaders({ headers }: S3Call, object: NewObject): void {
  for (const algorithm of checksumAlgorithms) {
    const expected = headers[`x-amz-checksum-${algorithm}`];
    if (expected !== undefined && expected !== object.checksums[algorithm]) {
      const name = algorithm.toUpperCase();
      throw new AwsError(400, "BadDigest", `The ${name} you specified did not match the calculated checksum.`);
    }
  }
  const expectedSize = headers["x-amz-mp-object-size"];
  if (expectedSize !== undefined && Number(expectedSize) !== object.size) {
    const message = "The provided 'x-amz-mp-object-size' header value does not match what was computed.";
    throw new AwsError(400, "InvalidRequest", message);
  }
}
