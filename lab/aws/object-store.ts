import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { AwsError } from "./aws-error.ts";
import {
  type Bucket,
  type BucketDocument,
  type BucketFolders,
  type BucketParts,
  bucketDocumentFile,
  openBucket,
  partsOnDisk,
} from "./bucket.ts";
import { copyBucket, partsInMemory } from "./bucket-in-memory.ts";
import { readDocument } from "./json-folder.ts";

/** Every bucket of the lab. */
export interface ObjectStore {
  /** Throws `NoSuchBucket`. */
  bucket(name: string): Bucket;
  has(name: string): boolean;
  all(): readonly Bucket[];
  create(name: string, createdMs: number): Promise<Bucket>;
  /** Removes the bucket and its folders. */
  remove(name: string): Promise<void>;
}

const keptFolder = ".lab";

/** S3 user guide, "Bucket naming rules": those that also keep a bucket's path inside the folder. */
const bucketName = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** Creates buckets in memory. */
export function createObjectStore(): ObjectStore {
  return storeOf(new Map(), () => partsInMemory());
}

/** Copies every bucket into memory. */
export async function copyObjectStore(store: ObjectStore): Promise<ObjectStore> {
  const copies = await Promise.all(store.all().map(copyBucket));
  return storeOf(new Map(copies.map((bucket) => [bucket.name, bucket])), () => partsInMemory());
}

/** Opens the buckets of one folder. */
export async function openObjectStore(dir: string): Promise<ObjectStore> {
  const root = resolve(dir);
  const foldersOf = (name: string): BucketFolders => ({ shown: join(root, name), kept: join(root, keptFolder, name) });
  const buckets = new Map<string, Bucket>();
  await mkdir(join(root, keptFolder), { recursive: true });
  for (const name of await readdir(join(root, keptFolder))) {
    const file = bucketDocumentFile(foldersOf(name));
    if (!existsSync(file)) continue;
    buckets.set(name, await openBucket(await readDocument<BucketDocument>(file), await partsOnDisk(foldersOf(name))));
  }
  return storeOf(buckets, (name) => partsOnDisk(foldersOf(name)));
}

function storeOf(buckets: Map<string, Bucket>, openParts: (name: string) => Promise<BucketParts>): ObjectStore {
  return {
    bucket: (name) => {
      const bucket = buckets.get(name);
      if (!bucket) {
        const details = { BucketName: name };
        throw new AwsError(404, "NoSuchBucket", "The specified bucket does not exist", { details });
      }
      return bucket;
    },
    has: (name) => buckets.has(name),
    all: () => [...buckets.values()],
    create: async (name, createdMs) => {
      if (!bucketName.test(name)) throw new AwsError(400, "InvalidBucketName", "The specified bucket is not valid.");
      const bucket = await openBucket({ name, createdMs }, await openParts(name));
      buckets.set(name, bucket);
      return bucket;
    },
    remove: async (name) => {
      const bucket = buckets.get(name);
      buckets.delete(name);
      await bucket?.remove();
    },
  };
}
