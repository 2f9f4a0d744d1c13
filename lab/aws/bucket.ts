import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type BrowsableFolder, openBrowsableFolder } from "./browsable-folder.ts";
import { type BytesFolder, openBytesFolder } from "./bytes-folder.ts";
import { openJsonFolder, writeDocument } from "./json-folder.ts";
import { type KeyDocument, type KeyHistories, openKeyHistories } from "./key-histories.ts";
import { createLocks } from "./locks.ts";
import { currentObject, type Encryption, filesOf, type History, type VersioningStatus } from "./object-version.ts";
import type { SortedKeys } from "./sorted-keys.ts";

export interface BucketDocument {
  readonly name: string;
  readonly createdMs: number;
  readonly versioning?: VersioningStatus;
  /** Lifecycle configuration, as it was put. */
  readonly lifecycle?: string | undefined;
  readonly encryption?: Encryption;
}

export interface BucketFolders {
  /** The bucket as a folder for users. */
  readonly shown: string;
  /** Versions and bytes, for the lab itself. */
  readonly kept: string;
}

export interface Bucket extends KeyChanges {
  readonly name: string;
  readonly createdMs: number;
  readonly bytes: BytesFolder;
  readonly keys: SortedKeys;
  versioning(): VersioningStatus;
  setVersioning(status: VersioningStatus): Promise<void>;
  lifecycle(): string | undefined;
  setLifecycle(rules: string): Promise<void>;
  encryption(): Encryption;
  setEncryption(encryption: Encryption): Promise<void>;
  history(key: string): History;
  remove(): Promise<void>;
}

interface KeyChanges {
  /** Stores the versions of a key that `edit` returns. No other change of that key happens meanwhile. */
  change<Result>(key: string, edit: (history: History) => Change<Result>): Promise<Result>;
  /** Runs `task` while no change of the key can happen. */
  hold<Result>(key: string, task: (history: History) => Promise<Result>): Promise<Result>;
}

export interface Change<Result> {
  readonly history: History;
  readonly result: Result;
}

/** Storage of a bucket's versions and bytes. */
export interface BucketParts {
  readonly histories: KeyHistories;
  readonly bytes: BytesFolder;
  readonly shown: BrowsableFolder;
  readonly saveDocument: (document: BucketDocument) => Promise<void>;
  readonly remove: () => Promise<void>;
}

const documentName = "bucket.json";

export function bucketDocumentFile(folders: BucketFolders): string {
  return join(folders.kept, documentName);
}

/** Opens a bucket on disk, new or from an earlier lab. Removes what a killed lab left behind. */
export async function partsOnDisk(folders: BucketFolders): Promise<BucketParts> {
  const parts: BucketParts = {
    bytes: await openBytesFolder(join(folders.kept, "bytes")),
    histories: await openKeyHistories(await openJsonFolder<KeyDocument>(join(folders.kept, "keys"))),
    shown: await openBrowsableFolder(folders.shown, join(folders.kept, "half-shown")),
    saveDocument: (document) => writeDocument(bucketDocumentFile(folders), document),
    remove: async () => {
      await Promise.all(Object.values(folders).map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
  await tidyUp(parts);
  return parts;
}

export async function openBucket(document: BucketDocument, parts: BucketParts): Promise<Bucket> {
  const { bytes, histories, saveDocument, remove } = parts;
  let current = document;
  const save = async (changed: BucketDocument): Promise<void> => {
    await saveDocument(changed);
    current = changed;
  };
  await save(current);
  return {
    name: document.name,
    createdMs: document.createdMs,
    bytes,
    keys: histories.keys,
    versioning: () => current.versioning,
    setVersioning: (versioning) => save({ ...current, versioning }),
    lifecycle: () => current.lifecycle,
    setLifecycle: (lifecycle) => save({ ...current, lifecycle }),
    encryption: () => current.encryption ?? "AES256",
    setEncryption: (encryption) => save({ ...current, encryption }),
    history: histories.get,
    ...createKeyChanges(parts),
    remove,
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

async function tidyUp(parts: BucketParts): Promise<void> {
  const keys = [...parts.histories.keys.from("")];
  const objectFiles = keys.flatMap((key) => filesOf(parts.histories.get(key)));
  await parts.bytes.keepOnly(new Set(objectFiles));
  for (const key of keys) await showCurrent(parts, key);
}
