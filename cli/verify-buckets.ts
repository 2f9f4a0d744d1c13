import { auditedAggregates, indexedAggregates } from "../shared/audit/audited-aggregates.ts";
import { checkDayIndex, type DayIndexCheckOptions } from "../shared/audit/check-day-index.ts";
import { openDayEvidence } from "../shared/audit/day-evidence.ts";
import { findDerivedStrays, findStateStrays, findStrays } from "../shared/audit/find-strays.ts";
import type { Selection } from "../shared/audit/selection.ts";
import { type Verification, verifyArchive } from "../shared/audit/verify-archive.ts";
import { verifyDerived } from "../shared/audit/verify-derived.ts";
import type { AuditedAggregate } from "../shared/core/audited-aggregate.ts";
import { type AggregateName, otherAggregates } from "../shared/core/day-aggregate.ts";
import type { Finding } from "../shared/core/finding.ts";
import type { Day } from "../shared/core/time/days.ts";
import type { ReportedDerived, ReportedIndex } from "../shared/core/verification-report.ts";
import { proofOf, type ReportedHeads } from "./ledger-proof.ts";
import type { Target } from "./open-target.ts";
import { reportedHeads } from "./reported-heads.ts";
import type { VerifyOptions } from "./verify-command.ts";
import { selectionOf, type VerifyWork } from "./verify-work.ts";

/** Called for each checked object. */
export type OnObject = (key: string, findings: readonly Finding[]) => void;

interface BucketsToVerify extends VerifyWork {
  readonly onFinding: (finding: Finding) => void;
  readonly onObject: OnObject | undefined;
  /** Called for each day of which an aggregate has anything. */
  readonly onDay: (day: Day) => void;
}

/** What was checked of each part of a target. */
interface VerifiedBuckets {
  readonly aggregates: readonly Verification[];
  readonly tables: ReportedDerived | undefined;
  readonly indexes: readonly ReportedIndex[] | undefined;
}

/** Verifies all that a target has: aggregates, tables and indexes of days, then what no job writes. */
export async function verifyBuckets(
  work: BucketsToVerify,
  onVerified: (verification: Verification) => void,
): Promise<VerifiedBuckets> {
  const { options, account, target, onFinding } = work;
  const { archive, state, derived } = target;
  const selection = selectionOf(options);
  const heads = await reportedHeads(archive.bucket, account);
  const indexed = state ? await indexedAggregates(state.bucket, account) : [];
  const expected = new Set([...indexed, ...expectedAggregates(options, heads)]);
  const audited = await auditedAggregates(archive.bucket, account, expected);
  const aggregates: Verification[] = [];
  for (const aggregate of audited) {
    const verification = await verifyAggregate(work, { selection, heads }, aggregate);
    onVerified(verification);
    aggregates.push(verification);
  }
  const buckets = { archive: archive.bucket, account, onFinding };
  const tables = derived && (await verifyDerived({ ...buckets, derived: derived.bucket, selection }));
  // An index is one object: a check of some days or of a part leaves it out.
  const isWhole = selection.days === undefined && options.subset === undefined;
  const indexes = state && isWhole ? await checkIndexes({ ...buckets, state: state.bucket }, audited) : undefined;
  if (selection.days === undefined)
    for await (const stray of strays(target, options.stack ? account : undefined)) onFinding(stray);
  return { aggregates, tables, indexes };
}

function verifyAggregate(
  { options, account, target, publicKey, onFinding, onObject, onDay }: BucketsToVerify,
  { selection, heads }: { readonly selection: Selection; readonly heads: ReportedHeads },
  aggregate: AuditedAggregate,
): Promise<Verification> {
  const { bucket: archive, now } = target.archive;
  const state = target.state?.bucket;
  return verifyArchive({
    ...{ archive, account, aggregate, selection, now, onFinding, onObject, onDay },
    ...proofOf(options, heads, aggregate.name),
    evidence: state && ((day) => openDayEvidence(state, aggregate.name, account, day)),
    checkSignature: publicKey?.check,
  });
}

/** Compares the index of every aggregate that has one. */
async function checkIndexes(
  buckets: Omit<DayIndexCheckOptions, "aggregate">,
  aggregates: readonly AuditedAggregate[],
): Promise<ReportedIndex[]> {
  const indexes: ReportedIndex[] = [];
  for (const aggregate of aggregates)
    indexes.push({ aggregate: aggregate.name, ...(await checkDayIndex({ ...buckets, aggregate })) });
  return indexes;
}

/** Objects that no job writes, in every bucket of the target. A stack has one account; any other is not a job's. */
async function* strays({ archive, state, derived }: Target, account: string | undefined): AsyncGenerator<Finding> {
  yield* findStrays(archive.bucket, account);
  if (state) yield* findStateStrays(state.bucket);
  if (derived) yield* findDerivedStrays(derived.bucket);
}

/** Aggregates that an option or a report names: verified even if nothing of them is left. */
function expectedAggregates(options: VerifyOptions, heads: ReportedHeads): ReadonlySet<AggregateName> {
  return new Set(
    otherAggregates.filter(
      (name) => (options[`${name}-anchor`] ?? options[`${name}-signed-from`] ?? heads[name]) !== undefined,
    ),
  );
}
