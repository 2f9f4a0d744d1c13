import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type BrowsableFolder, openBrowsableFolder } from "./browsable-folder.ts";
import { type BytesFolder, openBytesFolder } from "./bytes-folder.ts";
import { writeDocument } from "./json-folder.ts";
import { type KeyHistories, openKeyHistories } from "./key-histories.ts";
import { createLocks } from "./locks.ts";
import { currentObject, filesOf, type History, type VersioningStatus } from "./object-version.ts";
import type { SortedKeys } from "./sorted-keys.ts";
import { openUploads, type Uploads } from "./uploads.ts";

export interface BucketDocument {
  readonly name: string;
  readonly createdMs: number;
  readonly versioning?: VersioningStatus;
}

export interface BucketFolders {
  /** The bucket as a folder for people. */
  readonly shown: string;
  /** What the lab itself reads: versions, bytes, uploads. */
  readonly kept: string;
}

export interface Bucket extends KeyChanges {
  readonly name: string;
  readonly createdMs: number;
  readonly bytes: BytesFolder;
  readonly uploads: Uploads;
  readonly keys: SortedKeys;
  versioning(): VersioningStatus;
  setVersioning(status: VersioningStatus): Promise<void>;
  history(key: string): History;
  remove(): Promise<void>;
}

interface KeyChanges {
  /** Keeps what `edit` makes of a key's versions; no other change of that key happens meanwhile. */
  change<Result>(key: string, edit: (history: History) => Change<Result>): Promise<Result>;
  /** Holds a key still while `task` looks at it. */
  hold<Result>(key: string, task: (history: History) => Promise<Result>): Promise<Result>;
}

export interface Change<Result> {
  readonly history: History;
  readonly result: Result;
}

interface BucketParts {
  readonly histories: KeyHistories;
  readonly bytes: BytesFolder;
  readonly shown: BrowsableFolder;
}

const documentName = "bucket.json";

export function bucketDocumentFile(folders: BucketFolders): string {
  return join(folders.kept, documentName);
}

/** Opens a bucket, new or as an earlier lab left it, and tidies up what a kill left behind. */
export async function openBucket(document: BucketDocument, folders: BucketFolders): Promise<Bucket> {
  const bytes = await openBytesFolder(join(folders.kept, "bytes"));
  const uploads = await openUploads(join(folders.kept, "uploads"));
  const histories = await openKeyHistories(join(folders.kept, "keys"));
  const shown = await openBrowsableFolder(folders.shown, join(folders.kept, "half-shown"));
  await tidyUp({ histories, bytes, shown }, uploads);

  let versioning = document.versioning;
  const setVersioning = async (status: VersioningStatus): Promise<void> => {
    await writeDocument(bucketDocumentFile(folders), { ...document, versioning: status });
    versioning = status;
  };
  await setVersioning(versioning);
  return {
    name: document.name,
    createdMs: document.createdMs,
    bytes,
    uploads,
    keys: histories.keys,
    versioning: () => versioning,
    setVersioning,
    history: histories.get,
    ...createKeyChanges({ histories, bytes, shown }),
    remove: async () => {
      await Promise.all(Object.values(folders).map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

function createKeyChanges(parts: BucketParts): KeyChanges {
  const { histories, bytes } = parts;
  const locks = createLocks();
  return {
    change: (key, edit) =>
      locks(key, async () => {
        const before = histories.get(key);
        const { history, result } = edit(before);
        await histories.set(key, history);
        await showCurrent(parts, key);
        const used = new Set(filesOf(history));
        await Promise.all(filesOf(before).map((file) => (used.has(file) ? undefined : bytes.remove(file))));
        return result;
      }),
    hold: (key, task) => locks(key, () => task(histories.get(key))),
  };
}

async function showCurrent({ histories, bytes, shown }: BucketParts, key: string): Promise<void> {
  const object = currentObject(histories.get(key));
  await (object ? shown.show(key, bytes.pathOf(object.file)) : shown.hide(key));
}

async function tidyUp(parts: BucketParts, uploads: Uploads): Promise<void> {
  const keys = [...parts.histories.keys.from("")];
  const objectFiles = keys.flatMap((key) => filesOf(parts.histories.get(key)));
  const partFiles = uploads.all().flatMap((upload) => upload.parts.map((part) => part.file));
  await parts.bytes.keepOnly(new Set([...objectFiles, ...partFiles]));
  for (const key of keys) await showCurrent(parts, key);
}
