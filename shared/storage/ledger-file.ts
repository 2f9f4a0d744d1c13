import type * as z from "zod/mini";
import { type Bucket, type StoredObject, toBody } from "../aws/bucket.ts";
import { prefetch } from "../core/async/prefetch.ts";
import type { AggregateName } from "../core/day-aggregate.ts";
import { fieldErrorText } from "../core/field-errors.ts";
import { LedgerEntry, signedText } from "../core/ledger.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { JobError } from "../errors.ts";
import { storedJson } from "./stored-json.ts";

export interface LedgerId {
  readonly aggregate: AggregateName;
  readonly account: string;
}

export interface StoredEntry {
  readonly key: string;
  readonly entry: LedgerEntry;
  /** Text that the signature covers, from the stored JSON: entries of a later version may have unknown fields. */
  readonly signedText: string;
  /** SHA-256 of the entry's bytes, base64; the next entry contains it. */
  readonly sha256: string;
  readonly lastModified: Date;
}

/** Returns the keys of the entries from `first` on, oldest first; skips other objects. @throws STORAGE_FAILED */
async function ledgerKeys(archive: Bucket, { aggregate, account }: LedgerId, first: number): Promise<string[]> {
  const keys: string[] = [];
  const { ledgerPrefix, ledgerEntry } = aggregateKeys[aggregate];
  const after = first > 1 ? ledgerEntry(account, first - 1) : undefined;
  for await (const { key } of archive.list(ledgerPrefix(account), after)) {
    if (isLedgerKey({ aggregate, account }, key)) keys.push(key);
  }
  return keys;
}

/** True for the key of an entry, in the only form that its number has. */
export function isLedgerKey({ aggregate, account }: LedgerId, key: string): boolean {
  const number = Number(/(\d{8,})\.json$/.exec(key)?.[1] ?? 0);
  return number >= 1 && key === aggregateKeys[aggregate].ledgerEntry(account, number);
}

const readConcurrency = 16;

/** The newest version of a manifest that the ledger contains. */
export type LedgerManifest = LedgerEntry["manifests"][number];

/** Entries of a ledger, oldest first, and the newest version of each manifest in them. */
export interface LedgerEntries {
  readonly entries: readonly StoredEntry[];
  readonly manifests: ReadonlyMap<Day, LedgerManifest>;
}

/**
 * Reads the ledger from its entry `first` on. If there is no such entry, reads all.
 * @throws STORAGE_INVALID, STORAGE_FAILED
 */
export async function readLedger(archive: Bucket, ledger: LedgerId, first = 1): Promise<LedgerEntries> {
  const keys = await ledgerKeys(archive, ledger, first);
  if (keys.length === 0 && first > 1) return readLedger(archive, ledger);
  const entries: StoredEntry[] = [];
  const manifests = new Map<Day, LedgerManifest>();
  for await (const stored of prefetch(keys, readConcurrency, (key) => readLedgerEntry(archive, key))) {
    entries.push(stored);
    for (const manifest of stored.entry.manifests) manifests.set(manifest.day, manifest);
  }
  return { entries, manifests };
}

/** Parses a stored entry, or returns what is wrong with it. */
export function parseLedgerEntry(
  key: string,
  { body, lastModified }: Pick<StoredObject, "body" | "lastModified">,
): StoredEntry | { readonly issues: readonly z.core.$ZodIssue[] } {
  const json = storedJson(body);
  const { success, data, error } = LedgerEntry.safeParse(json);
  if (!success) return { issues: error.issues };
  return { key, entry: data, signedText: signedText(Object(json)), sha256: toBody(body).sha256, lastModified };
}

/** @throws STORAGE_INVALID when the object is missing or is no entry; STORAGE_FAILED */
export async function readLedgerEntry(archive: Bucket, key: string): Promise<StoredEntry> {
  const stored = await archive.get(key);
  const parsed = stored && parseLedgerEntry(key, stored);
  if (parsed && !("issues" in parsed)) return parsed;
  const reason = parsed ? fieldErrorText(parsed.issues) : "the object is missing";
  throw new JobError("STORAGE_INVALID", `The ledger entry ${key} is invalid: ${reason}`, {
    hint: "Run npx nightshift restore --stack <name>: it puts back the entry that a run wrote. If there is none, add --remove-unexpected.",
    details: { key },
  });
}
