import { type Bucket, toBody } from "../aws/bucket.ts";
import type { AggregateName } from "../core/day-aggregate.ts";
import { fieldErrorText } from "../core/field-errors.ts";
import { LedgerEntry, signedText } from "../core/ledger.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { JobError } from "../errors.ts";
import { storedJson } from "./stored-json.ts";

/** Whose ledger it is, and of what. */
export interface LedgerId {
  readonly aggregate: AggregateName;
  readonly account: string;
}

/** An entry of the ledger as it lies in S3. */
export interface StoredEntry {
  readonly key: string;
  readonly entry: LedgerEntry;
  /** What its signature covers, as it is stored: a later version may have fields that we do not know. */
  readonly signedText: string;
  /** SHA-256 of its bytes, base64: what the next entry names. */
  readonly sha256: string;
  readonly lastModified: Date;
}

/** Where the entries lie, oldest first; whatever else lies there is none. */
export async function ledgerKeys(archive: Bucket, { aggregate, account }: LedgerId): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of archive.list(aggregateKeys[aggregate].ledgerPrefix(account))) {
    if (isLedgerKey({ aggregate, account }, key)) keys.push(key);
  }
  return keys;
}

export function isLedgerKey({ aggregate, account }: LedgerId, key: string): boolean {
  const number = Number(/(\d{8,})\.json$/.exec(key)?.[1] ?? 0);
  return number >= 1 && key === aggregateKeys[aggregate].ledgerEntry(account, number);
}

/** A day's manifest as the ledger has it last; undefined where no entry names the day. */
export async function lastManifestInLedger(archive: Bucket, of: LedgerId, day: Day) {
  for (const key of (await ledgerKeys(archive, of)).reverse()) {
    const { entry } = await readLedgerEntry(archive, key);
    const manifest = entry.manifests.find((each) => each.day === day);
    if (manifest) return manifest;
  }
  return undefined;
}

/** @throws JobError STORAGE_INVALID where it is gone or is none */
export async function readLedgerEntry(archive: Bucket, key: string): Promise<StoredEntry> {
  const stored = await archive.get(key);
  const json = stored && storedJson(stored.body);
  const parsed = LedgerEntry.safeParse(json);
  if (stored && parsed.success) {
    const { sha256 } = toBody(stored.body);
    const { lastModified } = stored;
    return { key, entry: parsed.data, signedText: signedText(Object(json)), sha256, lastModified };
  }
  const wrong = parsed.success ? "it is gone" : fieldErrorText(parsed.error.issues);
  throw new JobError("STORAGE_INVALID", `${key} is no entry of the ledger: ${wrong}`, {
    hint: "Restore the first version of the object from the bucket's version history, or delete it if no run wrote it: an entry is written once.",
    details: { key },
  });
}
