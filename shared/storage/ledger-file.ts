import { type Bucket, toBody } from "../aws/bucket.ts";
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

/** Returns the keys of the entries, oldest first; skips other objects. @throws STORAGE_FAILED */
export async function ledgerKeys(archive: Bucket, { aggregate, account }: LedgerId): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of archive.list(aggregateKeys[aggregate].ledgerPrefix(account))) {
    if (isLedgerKey({ aggregate, account }, key)) keys.push(key);
  }
  return keys;
}

/** True for the key of an entry, in the only form that its number has. */
export function isLedgerKey({ aggregate, account }: LedgerId, key: string): boolean {
  const number = Number(/(\d{8,})\.json$/.exec(key)?.[1] ?? 0);
  return number >= 1 && key === aggregateKeys[aggregate].ledgerEntry(account, number);
}

/**
 * Returns the newest ledger item for the day's manifest; undefined if there is none.
 * @throws STORAGE_INVALID, STORAGE_FAILED
 */
export async function lastManifestInLedger(archive: Bucket, ledger: LedgerId, day: Day) {
  for (const key of (await ledgerKeys(archive, ledger)).reverse()) {
    const { entry } = await readLedgerEntry(archive, key);
    const manifest = entry.manifests.find((each) => each.day === day);
    if (manifest) return manifest;
  }
  return undefined;
}

/** @throws STORAGE_INVALID when the object is missing or is no entry; STORAGE_FAILED */
export async function readLedgerEntry(archive: Bucket, key: string): Promise<StoredEntry> {
  const stored = await archive.get(key);
  const json = stored && storedJson(stored.body);
  const parsed = LedgerEntry.safeParse(json);
  if (stored && parsed.success) {
    const { sha256 } = toBody(stored.body);
    const { lastModified } = stored;
    return { key, entry: parsed.data, signedText: signedText(Object(json)), sha256, lastModified };
  }
  const reason = stored ? fieldErrorText(parsed.error?.issues ?? []) : "the object is missing";
  throw new JobError("STORAGE_INVALID", `The ledger entry ${key} is invalid: ${reason}`, {
    hint: "Restore the object's first version from the bucket's version history: an entry is written once. Delete it if no run wrote it.",
    details: { key },
  });
}
