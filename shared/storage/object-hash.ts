import { createHash } from "node:crypto";
import type { Bucket } from "../aws/bucket.ts";

/**
 * Hashes an object's body in constant memory: SHA-256, base64; undefined if there is no object. For objects of which S3 keeps
 * no SHA-256, such as restored ones, and for servers that keep none.
 * @throws JobError STORAGE_FAILED when the body cannot be read
 */
export async function hashObject(bucket: Bucket, key: string): Promise<string | undefined> {
  const stored = await bucket.open(key);
  if (!stored) return undefined;
  const hash = createHash("sha256");
  for await (const chunk of stored.chunks) hash.update(chunk);
  return hash.digest("base64");
}
