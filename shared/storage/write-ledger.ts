import { randomUUID } from "node:crypto";
import { type Bucket, toBody } from "../aws/bucket.ts";
import type { Signer } from "../aws/signer.ts";
import { compareText } from "../core/compare-text.ts";
import type { AggregateName } from "../core/day-aggregate.ts";
import { type LedgerEntry, ledgerText, signedText } from "../core/ledger.ts";
import { aggregateKeys, parseIntentKey, type WriteIntent } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { eachDay, type UnreadableDays, unreadableDays, unreadableError } from "./each-day.ts";
import { type LedgerId, ledgerKeys, readLedgerEntry, type StoredEntry } from "./ledger-file.ts";
import { lostRace } from "./lost-race.ts";
import { hashObject } from "./object-hash.ts";

/** What of a job's services it needs. */
export interface LedgerServices {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly aggregate: { readonly name: AggregateName };
  readonly run: { readonly name: string };
  readonly log: Record<"info" | "warn", (message: string, facts: object) => void>;
  readonly now: () => Date;
  /** Signs the entries, where the account does. */
  readonly sign: Signer | undefined;
}

const longestRace = 5;
/** What is noted may be older than the last entry and not in it: a superseded run may have been writing, no longer than a Lambda lives. */
const overlapMs = 20 * 60_000;

/**
 * Adds one entry to the account's ledger, for every manifest written since the last, by whichever run: what a run that was
 * killed wrote is entered by the next. Tells the entry's number; undefined where there was nothing to enter.
 * @throws JobError for manifests that cannot be read, once the entry has all others
 */
export async function writeLedger(s: LedgerServices, account: string): Promise<number | undefined> {
  const nonce = randomUUID();
  let unread: UnreadableDays | undefined;
  for (let tried = 0; tried < longestRace; tried++) {
    const last = await lastEntries(s.archive, { aggregate: s.aggregate.name, account });
    // The answer to our own write may have been lost.
    const own = last.find(({ entry }) => entry.nonce === nonce);
    if (own) return told(s, own.entry, unread);
    const found = await manifestsToAdd(s, account, last);
    const { manifests } = found;
    unread = found.unread;
    if (manifests.length === 0) return told(s, undefined, unread);
    const entry = await signed(s, {
      schema: "nightshift/ledger-entry/1",
      account,
      number: (last[0]?.entry.number ?? 0) + 1,
      ...(last[0] && { previousSha256: last[0].sha256 }),
      run: s.run.name,
      at: s.now().toISOString(),
      manifests,
      nonce,
    });
    const key = aggregateKeys[s.aggregate.name].ledgerEntry(account, entry.number);
    if (await s.archive.create(key, toBody(ledgerText(entry)), "application/json")) return told(s, entry, unread);
  }
  throw lostRace("the ledger");
}

/** The newest entry, and those before it that may name a manifest as new as itself; newest first. */
async function lastEntries(archive: Bucket, of: LedgerId): Promise<StoredEntry[]> {
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
async function manifestsToAdd(s: LedgerServices, account: string, last: readonly StoredEntry[]) {
  const { archive, state, aggregate, log } = s;
  const entered = new Map<Day, string>();
  for (const { entry } of [...last].reverse()) for (const { day, sha256 } of entry.manifests) entered.set(day, sha256);
  const noted = new Map<Day, WriteIntent[]>();
  for await (const { key, lastModified } of state.list(aggregateKeys[aggregate.name].intentsPrefix(account))) {
    const note = parseIntentKey(key);
    if (note && lastModified.getTime() >= since(last)) noted.set(note.day, [...(noted.get(note.day) ?? []), note]);
  }
  const manifests: LedgerEntry["manifests"] = [];
  const errors = await eachDay(noted.keys(), async (day) => {
    const key = aggregateKeys[aggregate.name].manifest(account, day);
    const facts = await archive.head(key);
    if (!facts) return;
    const sha256 = facts.sha256 ?? (await hashObject(archive, key));
    const note = noted.get(day)?.find((each) => each.sha256 === sha256);
    if (!note || entered.get(day) === note.sha256) return;
    manifests.push({ day, revision: note.revision, bytes: facts.bytes, sha256: note.sha256 });
  });
  const notEnteredOf = (day: Day) => (noted.get(day) ?? []).filter(({ sha256 }) => sha256 !== entered.get(day));
  const unread = [...errors].filter(([day]) => notEnteredOf(day).length > 0);
  for (const [day, error] of unread) {
    log.warn("manifest not added to the ledger", { day, ...error.toJSON() });
    await noteAgain(s, account, notEnteredOf(day));
  }
  return { manifests: manifests.sort((a, b) => compareText(a.day, b.day)), unread: unreadableDays(unread) };
}

/** Makes notes as new as the entry that is about to be written: the next run looks at them again. */
async function noteAgain({ state, aggregate, run }: LedgerServices, account: string, notes: readonly WriteIntent[]) {
  for (const { day, revision, sha256 } of notes) {
    const body = toBody(JSON.stringify({ day, revision, sha256, run: run.name }));
    await state.put(aggregateKeys[aggregate.name].intent(account, day, revision, sha256), body, "application/json");
  }
}

async function signed({ sign }: LedgerServices, entry: LedgerEntry): Promise<LedgerEntry> {
  return sign ? { ...entry, signature: await sign(signedText(entry)) } : entry;
}

/** @throws JobError for manifests that cannot be read */
function told({ log }: LedgerServices, entry: LedgerEntry | undefined, unread?: UnreadableDays): number | undefined {
  if (entry) {
    const { number, manifests, signature } = entry;
    log.info("ledger entry written", { number, manifests: manifests.length, signed: signature !== undefined });
  }
  const error = unreadableError(unread);
  if (error) throw error;
  return entry?.number;
}
