import type { Bucket } from "./bucket.ts";
import { currentObject } from "./object-version.ts";
import { noSuchKey } from "./s3-call.ts";

/** A current object as tests see it, without S3 in between. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly lastModifiedMs: number;
  /** Base64, over the whole object. */
  readonly sha256?: string;
  /** Number of writes and deletes of the key, as far as the bucket stores them. */
  readonly versions: number;
}

export async function* listStoredObjects(bucket: Bucket): AsyncGenerator<ListedObject> {
  for (const key of bucket.keys.from("")) {
    const object = describeStoredObject(bucket, key);
    if (object) yield object;
  }
}

export function describeStoredObject(bucket: Bucket, key: string): ListedObject | undefined {
  const history = bucket.history(key);
  const object = currentObject(history);
  if (!object) return undefined;
  const { size, etag, checksums, lastModifiedMs } = object;
  const { sha256 } = checksums;
  return { key, size, etag, lastModifiedMs, ...(sha256 && { sha256 }), versions: history.length };
}

export async function readStoredObject(bucket: Bucket, key: string): Promise<Buffer> {
  return bucket.hold(key, async (history) => {
    const object = currentObject(history);
    if (!object) throw noSuchKey({ key });
    const file = await bucket.bytes.open(object.file);
    try {
      return await file.readFile();
    } finally {
      await file.close();
    }
  });
}

export async function alterStoredObject(bucket: Bucket, key: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  await bucket.hold(key, async (history) => {
    const object = currentObject(history);
    if (!object) throw noSuchKey({ key });
    await bucket.bytes.alter(object.file, change);
  });
}
