import { compareUtf8, type SortedKeys } from "./sorted-keys.ts";

export interface KeyListing {
  readonly keys: SortedKeys;
  readonly isListed: (key: string) => boolean;
  readonly prefix: string;
  readonly delimiter?: string;
  /** Last key of the previous listing. */
  readonly after?: ListPosition;
}

/** A key, or a common prefix with all keys under it. */
export interface ListPosition {
  readonly kind: "key" | "prefix";
  readonly name: string;
}

/** Walks keys in S3's order. Keys that share a prefix up to the delimiter come once, as that prefix. */
export function* listKeys({ keys, isListed, prefix, delimiter, after }: KeyListing): Generator<ListPosition> {
  const start = after && compareUtf8(after.name, prefix) > 0 ? after.name : prefix;
  let lastPrefix = after?.kind === "prefix" ? after.name : undefined;
  for (const key of keys.from(start)) {
    if (!key.startsWith(prefix)) return;
    if (after?.kind === "key" && compareUtf8(key, after.name) <= 0) continue;
    if (lastPrefix !== undefined && key.startsWith(lastPrefix)) continue;
    if (!isListed(key)) continue;
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    if (!delimiter || end < 0) {
      yield { kind: "key", name: key };
    } else {
      lastPrefix = key.slice(0, end + delimiter.length);
      yield { kind: "prefix", name: lastPrefix };
    }
  }
}
