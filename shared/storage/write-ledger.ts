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
import { lostRace, maxWriteAttempts } from "./lost-race.ts";
import { hashObject } from "./object-hash.ts";

export interface LedgerServices {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly aggregate: { readonly name: AggregateName };
  readonly run: { readonly name: string };
  readonly log: Record<"info" | "warn", (message: string, facts: object) => void>;
  readonly now: () => Date;
  /** Undefined if entries are not signed. */
  readonly sign: Signer | undefined;
}

/**
 * The last entry may miss intents up to 20 min older than itself. A superseded run may write for up to 15 min, as long
 * as a Lambda lives.
 */
const overlapMs = 20 * 60_000;

/**
 * Adds one entry for all manifests written since the last, by any run. Returns its number; undefined if there are none.
 * @throws STORAGE_FAILED, SIGNING_FAILED; DAYS_INCOMPLETE or STORAGE_INVALID for unreadable manifests, after writing
 * the entry
 */
export async function writeLedger(services: LedgerServices, account: string): Promise<number | undefined> {
  const { archive, aggregate, run, now } = services;
  const nonce = randomUUID();
  let unread: UnreadableDays | undefined;
  for (let attempts = 0; attempts < maxWriteAttempts; attempts++) {
    const last = await lastEntries(archive, { aggregate: aggregate.name, account });
    // The response to this run's own write may have been lost.
    const ownEntry = last.find(({ entry }) => entry.nonce === nonce);
    if (ownEntry) return logEntry(services, ownEntry.entry, unread);
    const found = await manifestsToAdd(services, account, last);
    const { manifests } = found;
    unread = found.unread;
    if (manifests.length === 0) return logEntry(services, undefined, unread);
    const entry = await withSignature(services, {
      schema: "nightshift/ledger-entry/1",
      account,
      number: (last[0]?.entry.number ?? 0) + 1,
      ...(last[0] && { previousSha256: last[0].sha256 }),
      run: run.name,
      at: now().toISOString(),
      manifests,
      nonce,
    });
    const key = aggregateKeys[aggregate.name].ledgerEntry(account, entry.number);
    if ((await archive.create(key, toBody(ledgerText(entry)), "application/json")) !== undefined)
      return logEntry(services, entry, unread);
  }
  throw lostRace("The ledger");
}

/**
 * Returns the entries that may contain manifests written within {@link overlapMs} before the newest entry, newest
 * first.
 */
async function lastEntries(archive: Bucket, ledger: LedgerId): Promise<StoredEntry[]> {
  const entries: StoredEntry[] = [];
  for (const key of (await ledgerKeys(archive, ledger)).reverse()) {
    const stored = await readLedgerEntry(archive, key);
    entries.push(stored);
    if (stored.lastModified.getTime() < sinceMs(entries)) break;
  }
  return entries;
}

function sinceMs(last: readonly StoredEntry[]): number {
  return (last[0]?.lastModified.getTime() ?? 0) - overlapMs;
}

/**
 * Returns the manifests that have a matching write intent and are not in the ledger as they are now. A manifest without
 * an intent was changed by someone other than a run and must not enter the ledger.
 */
async function manifestsToAdd(services: LedgerServices, account: string, last: readonly StoredEntry[]) {
  const { archive, state, aggregate, log } = services;
  const inLedger = new Map<Day, string>();
  for (const { entry } of [...last].reverse()) for (const { day, sha256 } of entry.manifests) inLedger.set(day, sha256);
  const intents = new Map<Day, WriteIntent[]>();
  for await (const { key, lastModified } of state.list(aggregateKeys[aggregate.name].intentsPrefix(account))) {
    const intent = parseIntentKey(key);
    if (intent && lastModified.getTime() >= sinceMs(last))
      intents.set(intent.day, [...(intents.get(intent.day) ?? []), intent]);
  }
  const manifests: LedgerEntry["manifests"] = [];
  const errors = await eachDay(intents.keys(), async (day) => {
    const key = aggregateKeys[aggregate.name].manifest(account, day);
    const metadata = await archive.head(key);
    if (!metadata) return;
    const sha256 = metadata.sha256 ?? (await hashObject(archive, key));
    const intent = intents.get(day)?.find((each) => each.sha256 === sha256);
    if (!intent || inLedger.get(day) === intent.sha256) return;
    manifests.push({ day, revision: intent.revision, bytes: metadata.bytes, sha256: intent.sha256 });
  });
  const openIntentsOf = (day: Day) => (intents.get(day) ?? []).filter(({ sha256 }) => sha256 !== inLedger.get(day));
  const unread = [...errors].filter(([day]) => openIntentsOf(day).length > 0);
  for (const [day, error] of unread) {
    log.warn("manifest not added to the ledger", { day, ...error.toJSON() });
    await rewriteIntents(services, account, openIntentsOf(day));
  }
  return { manifests: manifests.sort((a, b) => compareText(a.day, b.day)), unread: unreadableDays(unread) };
}

/** Rewrites intents, so that they are as new as the next entry and the next run reads them again. */
async function rewriteIntents(
  { state, aggregate, run }: LedgerServices,
  account: string,
  intents: readonly WriteIntent[],
) {
  for (const { day, revision, sha256 } of intents) {
    const body = toBody(JSON.stringify({ day, revision, sha256, run: run.name }));
    await state.put(aggregateKeys[aggregate.name].intent(account, day, revision, sha256), body, "application/json");
  }
}

async function withSignature({ sign }: LedgerServices, entry: LedgerEntry): Promise<LedgerEntry> {
  return sign ? { ...entry, signature: await sign(signedText(entry)) } : entry;
}

/** Logs the entry and returns its number. @throws DAYS_INCOMPLETE or STORAGE_INVALID for unreadable manifests */
function logEntry(
  { log }: LedgerServices,
  entry: LedgerEntry | undefined,
  unread: UnreadableDays | undefined,
): number | undefined {
  if (entry) {
    const { number, manifests, signature } = entry;
    log.info("ledger entry written", { number, manifests: manifests.length, signed: signature !== undefined });
  }
  const error = unreadableError(unread);
  if (error) throw error;
  return entry?.number;
}
