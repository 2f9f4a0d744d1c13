import type { Bucket } from "../../../shared/aws/bucket.ts";
import { memoryBucket } from "./memory-bucket.ts";

/** Copies a bucket without some of its objects: no job deletes any. */
export async function without(bucket: Bucket, ...keys: readonly string[]): Promise<Bucket> {
  const objects: Record<string, Buffer> = {};
  for await (const { key } of bucket.list("")) {
    const stored = keys.includes(key) ? undefined : await bucket.get(key);
    if (stored) objects[key] = stored.body;
  }
  return memoryBucket(objects);
}
