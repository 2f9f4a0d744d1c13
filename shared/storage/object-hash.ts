import { createHash } from "node:crypto";
import type { Bucket } from "../aws/bucket.ts";

/**
 * Returns the SHA-256 (base64) of an object's body, in constant memory; undefined if there is no object. For objects
 * without a checksum in S3, such as restored ones.
 * @throws STORAGE_FAILED when the body cannot be read
 */
export async function hashObject(bucket: Bucket, key: string): Promise<string | undefined> {
  const stored = await bucket.open(key);
  if (!stored) return undefined;
  const hash = createHash("sha256");
  for await (const chunk of stored.chunks) hash.update(chunk);
  return hash.digest("base64");
}
