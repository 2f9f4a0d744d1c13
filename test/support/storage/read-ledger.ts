import { expect } from "vitest";
import type { Bucket } from "../../../shared/aws/bucket.ts";
import { LedgerEntry } from "../../../shared/core/ledger.ts";
import { aggregateKeys } from "../../../shared/core/object-keys.ts";
import { type ArchiveWorld, account, sha256Of } from "./archive-world.ts";

/** The ledger as an auditor reads it: its entries, and the bytes of each. */
export async function readLedger({ archive }: ArchiveWorld) {
  const entries: { readonly entry: LedgerEntry; readonly text: string }[] = [];
  for await (const { key } of archive.list(aggregateKeys.calls.ledgerPrefix(account))) {
    const text = (await archive.get(key))?.body.toString() ?? "";
    entries.push({ entry: LedgerEntry.parse(JSON.parse(text)), text });
  }
  return entries;
}

/** Every manifest that was entered, by day, entry by entry. */
export async function readLedgerManifests(world: ArchiveWorld): Promise<string[][]> {
  return (await readLedger(world)).map(({ entry }) => entry.manifests.map(({ day, sha256 }) => `${day} ${sha256}`));
}

/** The law of the ledger: numbered without a gap, each naming the bytes of the one before, and no manifest twice. */
export async function expectChain(world: ArchiveWorld): Promise<void> {
  const entries = await readLedger(world);
  expect(entries.map(({ entry }) => entry.number)).toEqual(entries.map((_, n) => n + 1));
  const before = entries.map(({ text }) => sha256Of(text));
  expect(entries.map(({ entry }) => entry.previousSha256)).toEqual([undefined, ...before].slice(0, entries.length));
  const entered = (await readLedgerManifests(world)).flat();
  expect(entered).toEqual([...new Set(entered)]);
}

/** The bucket, with what another writer does just before our next entry. */
export function beforeNextEntry(archive: Bucket, others: () => Promise<unknown>, times = 1): Bucket {
  let left = times;
  return {
    ...archive,
    create: async (...write) => {
      if (left-- > 0) await others();
      return archive.create(...write);
    },
  };
}
