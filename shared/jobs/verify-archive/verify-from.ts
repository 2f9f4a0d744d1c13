import { auditedAggregates, indexedAggregates } from "../../audit/audited-aggregates.ts";
import { checkLedger, type LedgerCheck } from "../../audit/check-ledger.ts";
import { openDayEvidence } from "../../audit/day-evidence.ts";
import { partsOfObjects } from "../../audit/selection.ts";
import { createSignatureCheck } from "../../audit/signature-check.ts";
import { addCounts, type DayCounts, dayCounts } from "../../audit/verify-counts.ts";
import { verifyDays } from "../../audit/verify-days.ts";
import type { AuditedAggregate } from "../../core/audited-aggregate.ts";
import type { AggregateName } from "../../core/day-aggregate.ts";
import { createFewFindings } from "../../core/few-findings.ts";
import type { Finding } from "../../core/finding.ts";
import { rotationParts } from "../../core/rotation.ts";
import type { Day } from "../../core/time/days.ts";
import type { ReportedAggregate } from "../../core/verification-report.ts";
import { maxSliceMs, TimeUp } from "../../runtime/slice.ts";
import { judgedUntilOf, type VerificationPlan } from "./plan-verification.ts";
import type { VerifyServices } from "./services.ts";

/** How far a verification is: what is checked of finished aggregates, and of the one at work. Small, whatever was found. */
export interface VerifyCursor {
  readonly finished: readonly ReportedAggregate[];
  readonly current: CurrentAggregate | undefined;
  readonly findingCount: number;
  /** The first ones. */
  readonly findings: readonly Finding[];
}

interface CurrentAggregate extends Omit<ReportedAggregate, keyof DayCounts | "aggregate"> {
  readonly aggregate: AggregateName;
  readonly counts: DayCounts;
  /** The last day that is checked. */
  readonly after?: Day | undefined;
}

export const nothingVerified: VerifyCursor = { finished: [], current: undefined, findingCount: 0, findings: [] };

/**
 * Verifies aggregate after aggregate, day after day, and yields a cursor after each day. Every object is compared with its
 * manifest by its listing; of the plan's parts every byte is read.
 * @throws TimeUp when the slice has used its time; STORAGE_FAILED
 */
export async function* verifyFrom(
  services: VerifyServices,
  plan: VerificationPlan,
  from = nothingVerified,
): AsyncGenerator<VerifyCursor> {
  const endsAt = services.now().getTime() + maxSliceMs;
  const indexed = await indexedAggregates(services.state, plan.account);
  const aggregates = await auditedAggregates(
    services.archive,
    plan.account,
    new Set([...indexed, ...(Object.keys(plan.known) as AggregateName[])]),
  );
  let cursor = from;
  for (const aggregate of aggregates.slice(from.finished.length)) {
    const ledger = await checkAggregateLedger(services, plan, aggregate);
    cursor = cursor.current ? cursor : withLedger(cursor, plan, aggregate.name, ledger);
    const days = verifyDays(daysOptions(services, { plan, aggregate, ledger, after: cursor.current?.after }));
    for await (const { day, counts, findings } of days) {
      cursor = withDay(cursor, day, counts, findings);
      // A cursor can only begin behind a day: keys of no day go with the next one.
      if (day === "") continue;
      yield cursor;
      if (services.now().getTime() >= endsAt) throw new TimeUp(true);
    }
    cursor = withoutCurrent(cursor);
    yield cursor;
  }
}

async function checkAggregateLedger(
  { archive, publicKey }: VerifyServices,
  { account, known }: VerificationPlan,
  { name }: AuditedAggregate,
): Promise<LedgerCheck> {
  const { anchor, signedFrom } = known[name] ?? {};
  return checkLedger({
    ...{ archive, ledger: { aggregate: name, account }, anchor },
    checkSignature: publicKey && createSignatureCheck(await publicKey()),
    // The first report says from which entry on signatures are required.
    signedFrom: signedFrom ?? Number.POSITIVE_INFINITY,
  });
}

interface DaysToVerify {
  readonly plan: VerificationPlan;
  readonly aggregate: AuditedAggregate;
  readonly ledger: LedgerCheck;
  readonly after: Day | undefined;
}

function daysOptions({ archive, state, now }: VerifyServices, { plan, aggregate, ledger, after }: DaysToVerify) {
  const { account, parts, begunAt } = plan;
  const subsets = parts.map((part) => ({ part, of: rotationParts }));
  return {
    ...{ archive, account, aggregate, now, ledgerManifests: ledger.manifests, ledgerReads: ledger },
    selection: { ...partsOfObjects("bytes", subsets, "listing"), after },
    evidence: (day: Day) => openDayEvidence(state, aggregate.name, account, day),
    judgedUntil: judgedUntilOf(begunAt),
  };
}

function withLedger(
  cursor: VerifyCursor,
  { known }: VerificationPlan,
  aggregate: AggregateName,
  { findings, entries, head, signedUpTo }: LedgerCheck,
): VerifyCursor {
  const { anchor, signedFrom } = known[aggregate] ?? {};
  // From the first signed entry that was seen on, every entry must be signed.
  const signedFromNow = signedFrom ?? (signedUpTo > 0 ? signedUpTo : undefined);
  const current: CurrentAggregate = {
    ...{ aggregate, schema: `nightshift/${aggregate}-manifest/1`, entries, signedUpTo },
    ...(head && { head }),
    ...(anchor && { anchor }),
    ...(signedFromNow !== undefined && { signedFrom: signedFromNow }),
    counts: { ...dayCounts(), findings: findings.length },
  };
  return withFindings({ ...cursor, current }, findings);
}

function withDay(cursor: VerifyCursor, day: Day, counts: DayCounts, findings: readonly Finding[]): VerifyCursor {
  const { current } = cursor;
  if (!current) return cursor;
  const span = counts.days > 0 ? { firstDay: current.firstDay ?? day, lastDay: day } : {};
  const after = day === "" ? current.after : day;
  const next = { ...current, ...span, counts: addCounts(current.counts, counts), after };
  return withFindings({ ...cursor, current: next }, findings);
}

function withoutCurrent({ current, ...cursor }: VerifyCursor): VerifyCursor {
  if (!current) return { ...cursor, current };
  const { counts, after: _after, ...rest } = current;
  return { ...cursor, current: undefined, finished: [...cursor.finished, { ...rest, ...counts }] };
}

function withFindings(cursor: VerifyCursor, found: readonly Finding[]): VerifyCursor {
  if (found.length === 0) return cursor;
  const few = createFewFindings(cursor.findings, cursor.findingCount);
  few.add(found);
  return { ...cursor, findingCount: few.count(), findings: few.kept() };
}
