import { expect } from "vitest";
import type { Bucket } from "../../../shared/aws/bucket.ts";
import { LedgerEntry } from "../../../shared/core/ledger.ts";
import { aggregateKeys } from "../../../shared/core/object-keys.ts";
import { type ArchiveWorld, account, sha256Of } from "./archive-world.ts";

/** Reads the ledger's entries, with the text of each. */
export async function readLedger({ archive }: ArchiveWorld) {
  const entries: { readonly entry: LedgerEntry; readonly text: string }[] = [];
  for await (const { key } of archive.list(aggregateKeys.calls.ledgerPrefix(account))) {
    const text = (await archive.get(key))?.body.toString() ?? "";
    entries.push({ entry: LedgerEntry.parse(JSON.parse(text)), text });
  }
  return entries;
}

/** The manifests of each ledger entry, as day and hash. */
export async function readLedgerManifests(world: ArchiveWorld): Promise<string[][]> {
  return (await readLedger(world)).map(({ entry }) => entry.manifests.map(({ day, sha256 }) => `${day} ${sha256}`));
}

/** Checks the ledger: no gap, each entry has the hash of the previous one, and no manifest is listed twice. */
export async function expectChain(world: ArchiveWorld): Promise<void> {
  const entries = await readLedger(world);
  expect(entries.map(({ entry }) => entry.number)).toEqual(entries.map((_, n) => n + 1));
  const hashes = entries.map(({ text }) => sha256Of(text));
  expect(entries.map(({ entry }) => entry.previousSha256)).toEqual([undefined, ...hashes].slice(0, entries.length));
  const manifests = (await readLedgerManifests(world)).flat();
  expect(manifests).toEqual([...new Set(manifests)]);
}

/** Returns a bucket in which `others` runs immediately before our next entry is written. */
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
