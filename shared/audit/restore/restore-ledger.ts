import { type Finding, type FindingCode, finding } from "../../core/finding.ts";
import { aggregateKeys } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { hasCode, JobError } from "../../errors.ts";
import { type LedgerId, type LedgerManifest, readLedgerEntry } from "../../storage/ledger-file.ts";
import type { Anchor, LedgerCheckOptions } from "../check-ledger.ts";
import { chooseEntries, type EntryCandidate, type EntryChoice } from "./choose-entries.ts";
import { readEntryVersions } from "./entry-versions.ts";
import { isShown } from "./find-version.ts";
import { intendedEntries } from "./intended-entries.ts";
import { putBack, removeUnexpected } from "./put-back.ts";
import { hints, lostHint, type RestoreServices } from "./restoration.ts";

export interface RestoreLedgerOptions extends Pick<LedgerCheckOptions, "checkSignature" | "signedFrom"> {
  readonly ledger: LedgerId;
  readonly anchor?: Anchor | undefined;
}

/** What the ledger says of a day's manifest. */
export interface ManifestEvidence {
  readonly manifest: LedgerManifest;
  /** False if another ledger might be the true one. */
  readonly isProven: boolean;
}

/**
 * Puts back the entries that runs wrote, and reports those that it cannot. Returns the newest item of each day, as the restored
 * ledger has it.
 * @throws STORAGE_FAILED
 */
export async function restoreLedger(
  services: RestoreServices,
  options: RestoreLedgerOptions,
): Promise<ReadonlyMap<Day, ManifestEvidence>> {
  const { ledger, anchor, checkSignature } = options;
  const { entries, strays } = await readEntryVersions(services.versions, options);
  const hasNone = entries.length > 0 && entries.every(({ candidates }) => candidates.length === 0);
  if (checkSignature && hasNone) throw wrongKey(ledger);
  const intended = await intendedEntries(services.state, ledger, entries);
  const choices = chooseEntries(entries, { anchor, areSigned: checkSignature !== undefined, intended });
  for (const missing of missingEntries(ledger, choices, anchor)) services.report(missing);
  const manifests = new Map<Day, ManifestEvidence>();
  for (const choice of choices) {
    if (services.interrupted.aborted) break;
    await restoreEntry(services, ledger, choice);
    for (const manifest of choice.chosen?.entry.manifests ?? [])
      manifests.set(manifest.day, { manifest, isProven: choice.isProven });
  }
  for (const key of strays)
    await removeUnexpected(services, finding("object-unexpected", key, "its name is not that of an entry"));
  return manifests;
}

/** Otherwise every entry would look forged, and might be removed. */
function wrongKey({ aggregate, account }: LedgerId): JobError {
  const prefix = aggregateKeys[aggregate].ledgerPrefix(account);
  return new JobError("REQUEST_INVALID", `No version of an entry under ${prefix} is signed with this key`, {
    hint: "Check --public-key. If the ledger is not signed, leave it out; if signing began later, name its first entry with --signed-from.",
  });
}

async function restoreEntry(services: RestoreServices, ledger: LedgerId, choice: EntryChoice): Promise<void> {
  const { type, chosen, versions, candidates } = choice;
  const current = candidates.find(({ version }) => version.isLatest);
  const found = (code: FindingCode, detail: string) => {
    const key = aggregateKeys[ledger.aggregate].ledgerEntry(ledger.account, choice.number);
    return isShown(versions) ? finding(code, key, detail) : finding("ledger-entry-missing", key, "it was removed");
  };
  const { report } = services;
  if (type === "unexpected") {
    if (isShown(versions))
      await removeUnexpected(services, found("ledger-chain-broken", "it follows no entry that a run wrote"));
  } else if (type === "undecided") {
    const detail = "only a proof shows which of its versions a run wrote";
    report({ result: "refused", finding: found("ledger-chain-broken", detail), hint: hints.proof });
  } else if (type === "lost") {
    const detail = "it has not the hash that the next entry names";
    report({ result: "refused", finding: found("ledger-chain-broken", detail), hint: lostEntryHint });
  } else if (chosen && current?.sha256 !== chosen.sha256) {
    const changed = found("ledger-chain-broken", "it is not the entry that a run wrote");
    const verify = () => verifyEntry(services, changed, chosen);
    await putBack(services, { finding: changed, version: chosen.version, versions, verify });
  }
}

const lostEntryHint = `No version fits. ${hints.proof} If they show nothing, put the entry back from a backup, see Restoring in docs/operations.md.`;

async function verifyEntry({ archive }: RestoreServices, changed: Finding, chosen: EntryCandidate): Promise<Finding[]> {
  try {
    return (await readLedgerEntry(archive, changed.key)).sha256 === chosen.sha256 ? [] : [changed];
  } catch (error) {
    if (!hasCode(error, "STORAGE_INVALID")) throw error;
    return [changed];
  }
}

/** Refusals for the entries without any version, and for an anchor that no version has. */
function* missingEntries(ledger: LedgerId, choices: readonly EntryChoice[], anchor: Anchor | undefined) {
  const keyOf = (number: number) => aggregateKeys[ledger.aggregate].ledgerEntry(ledger.account, number);
  const refused = (found: Finding, hint: string) => ({ result: "refused", finding: found, hint }) as const;
  const kept = choices.filter(({ type }) => type !== "unexpected");
  if (kept.length === 0) {
    const prefix = aggregateKeys[ledger.aggregate].ledgerPrefix(ledger.account);
    yield refused(finding("ledger-missing", prefix, "no version of any entry is stored"), lostEntryHint);
  }
  let expected = 1;
  for (const { number } of kept) {
    const detail =
      number - 1 === expected ? "the ledger has a gap here" : `entries ${expected} to ${number - 1} are missing`;
    if (number > expected) yield refused(finding("ledger-entry-missing", keyOf(expected), detail), lostEntryHint);
    expected = number + 1;
  }
  const hasAnchor =
    !anchor || kept.some(({ number, chosen }) => number === anchor.number && chosen?.sha256 === anchor.sha256);
  if (!hasAnchor) {
    const found = finding(
      "ledger-anchor-missing",
      keyOf(anchor.number),
      "no version of an entry has the hash of the anchor",
    );
    yield refused(found, lostHint(anchor.sha256));
  }
}
