import type { Book } from "../day-aggregate.ts";
import { Manifest, ManifestEvent } from "./call-manifest.ts";
import { emptyManifest, reduceManifest } from "./reduce-call-manifest.ts";
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
