import { type Bucket, type BucketParts, openBucket } from "./bucket.ts";
import { createBytesInMemory } from "./bytes-folder.ts";
import { forgetfulFolder } from "./json-folder.ts";
import { type KeyDocument, openKeyHistories } from "./key-histories.ts";
import { filesOf } from "./object-version.ts";

/** What a bucket in memory has from the beginning. */
interface BucketContents {
  readonly documents: readonly KeyDocument[];
  /** The bytes of each file. */
  readonly files: ReadonlyMap<string, Buffer>;
}

const nothing: BucketContents = { documents: [], files: new Map() };

export async function partsInMemory({ documents, files } = nothing): Promise<BucketParts> {
  return {
    bytes: createBytesInMemory(files),
    histories: await openKeyHistories(forgetfulFolder(documents)),
    shown: { show: async () => {}, hide: async () => {} },
    saveDocument: async () => {},
    remove: async () => {},
  };
}

/** Copies a bucket with all its versions into memory. No later change of one is a change of the other. */
export async function copyBucket(bucket: Bucket): Promise<Bucket> {
  const { name, createdMs } = bucket;
  const document = { name, createdMs, lifecycle: bucket.lifecycle(), encryption: bucket.encryption() };
  return openBucket({ ...document, versioning: bucket.versioning() }, await partsInMemory(await contentsOf(bucket)));
}

async function contentsOf({ keys, history, bytes }: Bucket): Promise<BucketContents> {
  const documents = [...keys.from("")].map((key) => ({ key, versions: history(key) }));
  const files = new Map<string, Buffer>();
  for (const file of documents.flatMap(({ versions }) => filesOf(versions))) {
    const opened = await bytes.open(file);
    files.set(file, await opened.readFile().finally(opened.close));
  }
  return { documents, files };
}
