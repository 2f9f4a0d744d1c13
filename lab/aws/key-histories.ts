import type { JsonFolder } from "./json-folder.ts";
import type { History } from "./object-version.ts";
import { createSortedKeys, type SortedKeys } from "./sorted-keys.ts";

/** The versions of every key of a bucket, in memory and on disk. */
export interface KeyHistories {
  /** Every key that has a version, even if only a delete marker. */
  readonly keys: SortedKeys;
  get(key: string): History;
  /** Stores a key's history, so that a restart finds it. An empty history removes the key. */
  set(key: string, history: History): Promise<void>;
}

export interface KeyDocument {
  readonly key: string;
  readonly versions: History;
}

export async function openKeyHistories(documents: JsonFolder<KeyDocument>): Promise<KeyHistories> {
  const histories = new Map((await documents.loadAll()).map(({ key, versions }) => [key, versions]));
  const keys = createSortedKeys(histories.keys());
  return {
    keys,
    get: (key) => histories.get(key) ?? [],
    set: async (key, history) => {
      if (history.length === 0) {
        await documents.remove(key);
        histories.delete(key);
        keys.delete(key);
      } else {
        await documents.save(key, { key, versions: history });
        histories.set(key, history);
        keys.add(key);
      }
    },
  };
}
