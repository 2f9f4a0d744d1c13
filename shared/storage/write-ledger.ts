import { randomUUID } from "node:crypto";
import { type Bucket, bytesBody } from "../aws/bucket.ts";
import type { Signer } from "../aws/signer.ts";
import type { BookName } from "../core/book.ts";
import { compareText } from "../core/compare-text.ts";
import type { Day } from "../core/days.ts";
import { eachLimited } from "../core/each-limited.ts";
import { type LedgerEntry, ledgerText, signedText } from "../core/ledger.ts";
import { bookKeys, type WrittenNote, writtenInKey } from "../core/object-keys.ts";
import { JobError } from "../errors.ts";
import { type LedgerOf, ledgerKeys, readLedgerEntry, type StoredEntry } from "./ledger-file.ts";
import { hashObject } from "./object-hash.ts";

/** What of a job's services it needs. */
export interface LedgerServices {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly book: { readonly name: BookName };
  readonly run: { readonly name: string };
  readonly log: Record<"info" | "warn", (message: string, facts: object) => void>;
  readonly now: () => Date;
  /** Signs the entries, where the account does. */
  readonly sign: Signer | undefined;
}

const readsAtOnce = 16;
const longestRace = 5;
/** What is noted may be older than the last entry and not in it: a superseded run may have been writing, no longer than a Lambda lives. */
const overlapMs = 20 * 60_000;

/**
 * Adds one entry to the account's ledger, for every manifest written since the last, by whichever run: what a run that was
 * killed wrote is entered by the next. Tells the entry's number; undefined where there was nothing to enter.
 */
export async function writeLedger(s: LedgerServices, account: string): Promise<number | undefined> {
  const nonce = randomUUID();
  for (let tried = 0; tried < longestRace; tried++) {
    const last = await lastEntries(s.archive, { book: s.book.name, account });
    // The answer to our own write may have been lost.
    const own = last.find(({ entry }) => entry.nonce === nonce);
    if (own) return told(s, own.entry);
    const manifests = await notEntered(s, account, last);
    if (manifests.length === 0) return undefined;
    const entry = await signed(s, {
      schema: "nightshift/ledger/1",
      account,
      number: (last[0]?.entry.number ?? 0) + 1,
      ...(last[0] && { previous: last[0].sha256 }),
      run: s.run.name,
      at: s.now().toISOString(),
      manifests,
      nonce,
    });
    const key = bookKeys[s.book.name].ledger(account, entry.number);
    if (await s.archive.create(key, bytesBody(ledgerText(entry)), "application/json")) return told(s, entry);
  }
  throw new JobError("STORAGE_FAILED", "Others kept writing the ledger in between", { retryable: true });
}

/** The newest entry, and those before it that may name a manifest as new as itself; newest first. */
async function lastEntries(archive: Bucket, of: LedgerOf): Promise<StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for (const key of (await ledgerKeys(archive, of)).reverse()) {
    const stored = await readLedgerEntry(archive, key);
    entries.push(stored);
    if (stored.lastModified.getTime() < since(entries)) break;
  }
  return entries;
}

function since(last: readonly StoredEntry[]): number {
  return (last[0]?.lastModified.getTime() ?? 0) - overlapMs;
}

/**
 * Manifests that no entry names as they are now, and that a run has noted it would write so: whatever else stands in a
 * manifest's place is somebody else's doing, and must not become part of the ledger.
 */
async function notEntered(s: LedgerServices, account: string, last: readonly StoredEntry[]) {
  const { archive, state, book } = s;
  const entered = new Map<Day, string>();
  for (const { entry } of [...last].reverse()) for (const { day, sha256 } of entry.manifests) entered.set(day, sha256);
  const noted = new Map<Day, WrittenNote[]>();
  for await (const { key, lastModified } of state.list(bookKeys[book.name].allWritten(account))) {
    const note = writtenInKey(key);
    if (note && lastModified.getTime() >= since(last)) noted.set(note.day, [...(noted.get(note.day) ?? []), note]);
  }
  const manifests: LedgerEntry["manifests"] = [];
  await eachLimited(noted, readsAtOnce, async ([day, notes]) => {
    const key = bookKeys[book.name].manifest(account, day);
    const facts = await archive.head(key);
    if (!facts) return;
    const sha256 = facts.sha256 ?? (await hashOf(s, key, day));
    const note = notes.find((each) => each.sha256 === sha256);
    if (!note || entered.get(day) === note.sha256) return;
    manifests.push({ day, revision: note.revision, bytes: facts.bytes, sha256: note.sha256 });
  });
  return manifests.sort((a, b) => compareText(a.day, b.day));
}

/** Returns the SHA-256 of a manifest of which S3 keeps none. A manifest that cannot be read is left to verify and logged. */
async function hashOf({ archive, log }: LedgerServices, key: string, day: Day): Promise<string | undefined> {
  try {
    return await hashObject(archive, key);
  } catch (error) {
    if (!(error instanceof JobError) || error.retryable) throw error;
    log.warn("manifest not added to the ledger", { day, ...error.toJSON() });
    return undefined;
  }
}

async function signed({ sign }: LedgerServices, entry: LedgerEntry): Promise<LedgerEntry> {
  return sign ? { ...entry, signature: await sign(signedText(entry)) } : entry;
}

function told({ log }: LedgerServices, { number, manifests, signature }: LedgerEntry): number {
  log.info("ledger written", { number, manifests: manifests.length, signed: signature !== undefined });
  return number;
}
