import { type Bucket, type StoredObject, toBody } from "../aws/bucket.ts";
import { prefetch } from "../core/async/prefetch.ts";
import type { AuditedManifest } from "../core/audited-aggregate.ts";
import { type DayEntry, DayIndex } from "../core/day-index.ts";
import { type Finding, finding, inBucket } from "../core/finding.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { JobError } from "../errors.ts";
import { listManifests } from "../storage/day-store.ts";
import { undefinedIfOfOneObject } from "../storage/each-day.ts";
import { createReadGuard, type ReadGuard } from "../storage/read-guard.ts";
import { parseStored } from "../storage/stored-json.ts";
import { checkLedger, type LedgerCheck } from "./check-ledger.ts";
import type { AccountAggregate } from "./check-manifests.ts";
import { parseOrUndefined } from "./parse-or-undefined.ts";

export interface DayIndexCheckOptions extends AccountAggregate {
  readonly archive: Bucket;
  readonly state: Bucket;
  /** Called for each finding immediately. */
  readonly onFinding: (finding: Finding) => void;
}

/** What was compared of an index of days. */
export interface DayIndexCheck {
  /** `missing`, `unreadable`: no run uses it, and the next run writes it again from the manifests. */
  readonly index: "read" | "missing" | "unreadable";
  readonly entries: number;
  /** Entries of an earlier manifest, or of none: no run believes them. */
  readonly outdated: number;
  readonly findings: number;
}

const readConcurrency = 16;

/**
 * Compares an aggregate's index of days with the manifests: a run believes an entry while its ETag is that of the manifest,
 * for 30 days. Reads every manifest that the index names, and the ledger.
 * @throws STORAGE_FAILED
 */
export async function checkDayIndex(options: DayIndexCheckOptions): Promise<DayIndexCheck> {
  const { archive, state, account, aggregate, onFinding } = options;
  const { dayIndex, manifestsPrefix } = aggregateKeys[aggregate.name];
  const stored = await state.get(dayIndex(account));
  const index = readIndex(stored, account);
  if (!index) return { index: stored ? "unreadable" : "missing", entries: 0, outdated: 0, findings: 0 };
  // Who checks the ledger says that it is denied.
  const ledger = await checkLedger({ archive, ledger: { aggregate: aggregate.name, account } }).catch(
    undefinedIfOfOneObject,
  );
  const listed = await listManifests(archive, manifestsPrefix(account));
  const entries = Object.entries(index.days);
  const believed = entries.filter(([day, { etag }]) => etag !== undefined && etag === listed.get(day));
  let findings = 0;
  const report = (detail: string) => {
    findings++;
    onFinding(inBucket("state", finding("index-mismatch", dayIndex(account), detail)));
  };
  const ledgerEntries = ledger?.head?.number ?? 0;
  if (hasWholeLedger(ledger) && (index.ledgerEntries ?? 0) > ledgerEntries)
    report(`it says that the ledger has ${index.ledgerEntries} entries, not ${ledgerEntries}`);
  const checks = { ...options, guard: createReadGuard({ others: ledger }) };
  for await (const errors of prefetch(believed, readConcurrency, (entry) => compareEntry(checks, ledger, entry)))
    for (const error of errors) report(error);
  return { index: "read", entries: entries.length, outdated: entries.length - believed.length, findings };
}

function readIndex(stored: StoredObject | undefined, account: string): DayIndex | undefined {
  const index = parseStored(DayIndex, stored);
  return index?.account === account ? index : undefined;
}

/** A broken or denied ledger cannot say what an index lacks. */
function hasWholeLedger(ledger: LedgerCheck | undefined): boolean {
  return ledger?.findings.length === 0;
}

/** Returns what an entry says against its manifest. A missing or damaged manifest has findings of its own. */
async function compareEntry(
  { archive, account, aggregate, guard }: DayIndexCheckOptions & { readonly guard: ReadGuard },
  ledger: LedgerCheck | undefined,
  [day, entry]: readonly [Day, DayEntry],
): Promise<string[]> {
  const key = aggregateKeys[aggregate.name].manifest(account, day);
  const stored = await guard.attempt(() => archive.get(key)).catch(undefinedIfOfOneObject);
  if (!stored || stored instanceof JobError || stored.etag !== entry.etag) return [];
  const audited = parseOrUndefined(aggregate, stored.body, key);
  if (!audited) return [];
  const isInLedger = ledger?.manifests.get(day)?.sha256 === toBody(stored.body).sha256;
  return [
    // A closed day that is shown as open is only read once more.
    ...(entry.status === "closed" && audited.manifest.status !== "closed"
      ? [`it shows ${day} as closed, its manifest as open`]
      : []),
    ...differingCounts(day, entry, audited),
    ...(entry.inLedger === true && hasWholeLedger(ledger) && !isInLedger
      ? [`it says that the ledger has the manifest of ${day}, which it has not`]
      : []),
  ];
}

/** Compares the counts that both have: an index of another version may have more, or fewer. */
function differingCounts(day: Day, entry: DayEntry, { counts }: AuditedManifest): string[] {
  const known: Readonly<Record<string, number>> = counts ?? {};
  return Object.entries(entry.counts ?? {}).flatMap(([name, count]) =>
    known[name] === undefined || known[name] === count
      ? []
      : [`it counts ${count} ${name} on ${day}, its manifest ${known[name]}`],
  );
}
