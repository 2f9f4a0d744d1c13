import type { AggregateName } from "../core/day-aggregate.ts";
import type { Depth } from "../core/depth.ts";
import type { Finding } from "../core/finding.ts";
import type { Day } from "../core/time/days.ts";
import { type Anchor, checkLedger } from "./check-ledger.ts";
import { everyObject, type Selection } from "./selection.ts";
import type { CheckSignature } from "./signature-check.ts";
import { addCounts, type DayCounts, dayCounts } from "./verify-counts.ts";
import { type VerifyDaysOptions, verifyDays } from "./verify-days.ts";

export interface VerifyOptions extends Omit<VerifyDaysOptions, "ledgerManifests" | "ledgerReads" | "selection"> {
  /** How every object is checked, without a `selection`. @default checksums */
  readonly depth?: Depth | undefined;
  /** Which objects are checked, and how. @default every object */
  readonly selection?: Selection | undefined;
  /** Called for each finding as soon as its day is checked. */
  readonly onFinding: (finding: Finding) => void;
  /** Called for each day of which there is anything. */
  readonly onDay?: ((day: Day) => void) | undefined;
  readonly checkSignature?: CheckSignature | undefined;
  /** Number of the first entry that must be signed, if signatures are checked. @default 1 */
  readonly signedFrom?: number | undefined;
  readonly anchor?: Anchor | undefined;
}

/** What was checked, and the number of findings. */
export interface Verification extends Readonly<DayCounts> {
  readonly aggregate: AggregateName;
  readonly account: string;
  readonly entries: number;
  /** The ledger's newest entry. Noted elsewhere, it later proves that no entry was removed. */
  readonly head: Anchor | undefined;
  /** Number of the newest entry with a valid signature; 0 if there is none or signatures were not checked. */
  readonly signedUpTo: number;
  /** The first and the last day that were checked; undefined if there is none. */
  readonly firstDay: Day | undefined;
  readonly lastDay: Day | undefined;
}

/** Verifies one aggregate of an account's archive in constant memory: its ledger, then its days. */
export async function verifyArchive(options: VerifyOptions): Promise<Verification> {
  const { account, aggregate, depth = "checksums", selection = everyObject(depth), onFinding } = options;
  const ledger = await checkLedger({ ...options, ledger: { aggregate: aggregate.name, account } });
  ledger.findings.forEach(onFinding);
  let counts: DayCounts = { ...dayCounts(), findings: ledger.findings.length };
  let [firstDay, lastDay]: (Day | undefined)[] = [];
  for await (const { day, counts: ofDay, findings } of verifyDays({
    ...options,
    selection,
    ledgerManifests: ledger.manifests,
    ledgerReads: ledger,
  })) {
    findings.forEach(onFinding);
    if (ofDay.days > 0 || findings.length > 0) options.onDay?.(day);
    counts = addCounts(counts, ofDay);
    if (ofDay.days > 0) {
      firstDay ??= day;
      lastDay = day;
    }
  }
  const { entries, head, signedUpTo } = ledger;
  return { aggregate: aggregate.name, account, entries, head, signedUpTo, firstDay, lastDay, ...counts };
}
