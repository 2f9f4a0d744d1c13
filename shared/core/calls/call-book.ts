import type { Book } from "../book.ts";
import { Manifest, ManifestEvent } from "./manifest.ts";
import { emptyManifest, reduceManifest } from "./reduce-manifest.ts";
import type { SettleRules } from "./settling.ts";

/** The book of calls and recordings. */
export type CallBook = Book<Manifest, ManifestEvent>;

export function callBook(rules: SettleRules): CallBook {
  return {
    name: "calls",
    manifest: Manifest,
    event: ManifestEvent,
    empty: emptyManifest,
    reduce: (manifest, events) => reduceManifest(manifest, events, rules),
  };
}
