import type { ObjectVersion, ObjectVersions } from "../../aws/object-versions.ts";
import { prefetch } from "../../core/async/prefetch.ts";
import { aggregateKeys } from "../../core/object-keys.ts";
import { undefinedIfOfOneObject } from "../../storage/each-day.ts";
import { isLedgerKey, type LedgerId, parseLedgerEntry } from "../../storage/ledger-file.ts";
import { checkEntrySignature, type LedgerCheckOptions, numberIn } from "../check-ledger.ts";
import type { EntryCandidate, EntryVersions } from "./choose-entries.ts";
import { isShown, readVersion, versionsByKey } from "./find-version.ts";

/** How candidates are told from other versions. */
export interface EntryRules extends Pick<LedgerCheckOptions, "checkSignature" | "signedFrom"> {
  readonly ledger: LedgerId;
}

const readConcurrency = 16;

/**
 * Reads every version of every entry, sorted by number. `strays` are other objects beside them that a GET finds.
 * @throws STORAGE_FAILED
 */
export async function readEntryVersions(versions: ObjectVersions, rules: EntryRules) {
  const { ledger } = rules;
  const listed: (readonly ObjectVersion[])[] = [];
  const strays: string[] = [];
  const prefix = aggregateKeys[ledger.aggregate].ledgerPrefix(ledger.account);
  for await (const { key, versions: ofKey } of versionsByKey(versions.list(prefix))) {
    if (isLedgerKey(ledger, key)) listed.push(ofKey);
    else if (isShown(ofKey)) strays.push(key);
  }
  const entries: EntryVersions[] = [];
  for await (const entry of prefetch(listed, readConcurrency, (ofKey) => readCandidates(versions, rules, ofKey)))
    entries.push(entry);
  return { entries, strays };
}

async function readCandidates(
  versions: ObjectVersions,
  rules: EntryRules,
  ofKey: readonly ObjectVersion[],
): Promise<EntryVersions> {
  const candidates: EntryCandidate[] = [];
  for (const version of ofKey.toReversed()) {
    const candidate = version.isMarker ? undefined : await readCandidate(versions, rules, version);
    if (candidate) candidates.push(candidate);
  }
  return { number: numberIn(ofKey[0]?.key ?? ""), versions: ofKey, candidates };
}

async function readCandidate(
  versions: ObjectVersions,
  rules: EntryRules,
  version: ObjectVersion,
): Promise<EntryCandidate | undefined> {
  const { key, lastModified } = version;
  const body = await readVersion(versions, version).catch(undefinedIfOfOneObject);
  if (!body) return undefined;
  const stored = parseLedgerEntry(key, { body, lastModified });
  if ("issues" in stored) return undefined;
  const number = numberIn(key);
  if (stored.entry.number !== number || stored.entry.account !== rules.ledger.account) return undefined;
  return (await checkEntrySignature(number, stored, rules)) ? undefined : { ...stored, version };
}
