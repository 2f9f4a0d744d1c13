import { AwsError } from "./aws-error.ts";
import type { Bucket } from "./bucket.ts";
import type { WrittenBytes } from "./bytes-folder.ts";
import type { ChecksumAlgorithm } from "./checksums.ts";
import { compareDigests, declaredDigests } from "./digests.ts";
import { declaredLength } from "./payload.ts";
import type { S3Call } from "./s3-call.ts";

/** S3 user guide: "Checking object integrity", the checksum S3 makes when the caller sent none. */
export const defaultAlgorithm: ChecksumAlgorithm = "crc64nvme";

/** Streams a request's body to disk, and keeps it only if it matches every declared length and digest. */
export async function receiveObject(call: S3Call, bucket: Bucket): Promise<WrittenBytes> {
  if (declaredLength(call.headers) === undefined) {
    throw new AwsError(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
  }
  const declared = declaredDigests(call.headers);
  const written = await bucket.bytes.write(call.payload.bytes, declared.algorithm ?? defaultAlgorithm);
  try {
    compareDigests(declared, written, call.payload.trailers);
    return written;
  } catch (error) {
    await bucket.bytes.remove(written.file);
    throw error;
  }
}
