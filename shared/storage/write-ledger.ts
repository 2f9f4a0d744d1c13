import { randomUUID } from "node:crypto";
import { type Bucket, toBody } from "../aws/bucket.ts";
import type { Signer } from "../aws/signer.ts";
import { compareText } from "../core/compare-text.ts";
import type { DayManifest } from "../core/day-manifest.ts";
import { type LedgerEntry, ledgerText, signedText } from "../core/ledger.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { type DayStore, listManifests, type ManifestFacts } from "./day-store.ts";
import { eachDay, type UnreadableDays, unreadableDays, unreadableError } from "./each-day.ts";
import { type LedgerEntries, type LedgerManifest, readLedger } from "./ledger-file.ts";
import { retryLostRace } from "./lost-race.ts";
import { readIntents } from "./manifest-file.ts";
import { hashObject } from "./object-hash.ts";

export interface LedgerServices {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly run: { readonly name: string };
  readonly log: Record<"info" | "warn", (message: string, facts: object) => void>;
  readonly now: () => Date;
  /** Undefined if entries are not signed. */
  readonly sign: Signer | undefined;
}

type Days<M extends DayManifest, E> = Pick<
  DayStore<M, E>,
  "account" | "aggregate" | "index" | "manifests" | "saveIndex"
>;

/**
 * Adds one entry for all manifests that are not in the ledger, of any run. Returns its number; undefined if there are none.
 * @throws STORAGE_FAILED, SIGNING_FAILED; DAYS_INCOMPLETE or STORAGE_INVALID for unreadable manifests, after writing
 * the entry
 */
export async function writeLedger<M extends DayManifest, E>(
  services: LedgerServices,
  days: Days<M, E>,
): Promise<number | undefined> {
  const { archive, run, now, log } = services;
  const { account, aggregate, index } = days;
  const nonce = randomUUID();
  const { entry, found } = await retryLostRace("The ledger", async () => {
    const found = await findManifestsToAdd(services, days);
    const { ledger, manifests } = found;
    const last = ledger.entries.at(-1);
    // The response to this run's own write may have been lost.
    const ownEntry = ledger.entries.find(({ entry }) => entry.nonce === nonce)?.entry;
    if (ownEntry || manifests.length === 0) return { value: { entry: ownEntry, found } };
    const next = await withSignature(services, {
      schema: "nightshift/ledger-entry/1",
      account,
      number: (last?.entry.number ?? 0) + 1,
      ...(last && { previousSha256: last.sha256 }),
      run: run.name,
      at: now().toISOString(),
      manifests,
      nonce,
    });
    const key = aggregateKeys[aggregate.name].ledgerEntry(account, next.number);
    const etag = await archive.create(key, toBody(ledgerText(next)), "application/json");
    return etag === undefined ? undefined : { value: { entry: next, found } };
  });
  const entries = await index.entries();
  for (const [day, etag] of found.inLedger(entry?.manifests ?? [])) {
    const known = entries.get(day);
    // A day that this run has not read may be open.
    const indexed = known?.etag === etag ? known : { etag, status: "open" as const };
    index.note(day, { ...indexed, inLedger: true });
  }
  index.noteLedger(entry?.number ?? found.ledger.entries.at(-1)?.entry.number ?? 0);
  if (entry) {
    const { number, manifests, signature } = entry;
    log.info("ledger entry written", { number, manifests: manifests.length, signed: signature !== undefined });
  }
  await days.saveIndex();
  const error = unreadableError(found.unread);
  if (error) throw error;
  return entry?.number;
}

interface ManifestsToAdd {
  /** The newest entries, the last one included. */
  readonly ledger: LedgerEntries;
  readonly manifests: LedgerManifest[];
  readonly unread: UnreadableDays;
  /** Returns the ETags of the manifests that the ledger contains, `added` included. */
  readonly inLedger: (added: readonly LedgerManifest[]) => ReadonlyMap<Day, string>;
}

/**
 * Finds the manifests that have a matching write intent and are not in the ledger as they are now. A manifest without an
 * intent was changed by someone other than a run and must not enter the ledger.
 */
async function findManifestsToAdd<M extends DayManifest, E>(
  services: LedgerServices,
  { account, aggregate, index, manifests: known }: Days<M, E>,
): Promise<ManifestsToAdd> {
  const { archive, log } = services;
  const keys = aggregateKeys[aggregate.name];
  const entries = await index.entries();
  const listed = await listManifests(archive, keys.manifestsPrefix(account));
  const outside = [...listed].filter(([day, etag]) => {
    const entry = entries.get(day);
    return !(entry?.etag === etag && entry.inLedger);
  });
  // This run's own revisions cannot be in older entries. A manifest of another run may be in any of them.
  const areWritten = outside.every(([day, etag]) => known.get(day)?.etag === etag && known.get(day)?.isWritten);
  const head = areWritten ? await index.ledgerEntries() : undefined;
  const ledger = await readLedger(archive, { aggregate: aggregate.name, account }, head);
  const toAdd = new Map<Day, LedgerManifest>();
  const sha256Of = new Map<Day, string>();
  const errors = await eachDay(
    outside.map(([day]) => day),
    async (day) => {
      const read = known.get(day);
      const newest = ledger.manifests.get(day);
      const isRead = read?.etag === listed.get(day);
      const manifest = isRead ? read : await findWrittenManifest(services, { account, aggregate, day, newest });
      if (!manifest) return;
      const { etag, revision, bytes, sha256 } = manifest;
      if (etag === listed.get(day)) sha256Of.set(day, sha256);
      if (revision > (newest?.revision ?? 0)) toAdd.set(day, { day, revision, bytes, sha256 });
    },
  );
  for (const [day, error] of errors) log.warn("manifest not added to the ledger", { day, ...error.toJSON() });
  return {
    ledger,
    manifests: [...toAdd.values()].sort((a, b) => compareText(a.day, b.day)),
    unread: unreadableDays(errors),
    inLedger: (added) => {
      const inEntries = new Map([...ledger.manifests, ...added.map((each) => [each.day, each] as const)]);
      return new Map(outside.filter(([day]) => sha256Of.has(day) && inEntries.get(day)?.sha256 === sha256Of.get(day)));
    },
  };
}

interface ManifestToFind<M extends DayManifest, E> extends Pick<DayStore<M, E>, "account" | "aggregate"> {
  readonly day: Day;
  /** The newest version in the ledger. */
  readonly newest: LedgerManifest | undefined;
}

/**
 * Finds a day's manifest, and its revision in the ledger or in its write intent; undefined if no run has written it.
 * @throws STORAGE_FAILED
 */
async function findWrittenManifest<M extends DayManifest, E>(
  { archive, state }: LedgerServices,
  { account, aggregate, day, newest }: ManifestToFind<M, E>,
): Promise<Omit<ManifestFacts, "isWritten"> | undefined> {
  const key = aggregateKeys[aggregate.name].manifest(account, day);
  const metadata = await archive.head(key);
  if (!metadata) return undefined;
  const sha256 = metadata.sha256 ?? (await hashObject(archive, key));
  const written =
    newest?.sha256 === sha256
      ? newest
      : (await readIntents(state, aggregate.name, account, day)).find((intent) => intent.sha256 === sha256);
  return written && { etag: metadata.etag, bytes: metadata.bytes, sha256: written.sha256, revision: written.revision };
}

async function withSignature({ sign }: LedgerServices, entry: LedgerEntry): Promise<LedgerEntry> {
  return sign ? { ...entry, signature: await sign(signedText(entry)) } : entry;
}
