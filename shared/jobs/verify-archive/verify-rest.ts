import { auditedAggregates } from "../../audit/audited-aggregates.ts";
import { checkDayIndex } from "../../audit/check-day-index.ts";
import { findDerivedStrays, findStateStrays, findStrays } from "../../audit/find-strays.ts";
import { everyObject } from "../../audit/selection.ts";
import { verifyDerived } from "../../audit/verify-derived.ts";
import { createFewFindings } from "../../core/few-findings.ts";
import type { Finding } from "../../core/finding.ts";
import type { ReportedDerived, ReportedIndex } from "../../core/verification-report.ts";
import { judgedUntilOf, type VerificationPlan } from "./plan-verification.ts";
import type { VerifyServices } from "./services.ts";

/** What was found outside the aggregates. Small: it is kept as a step's result. */
export interface VerifiedRest {
  readonly tables: ReportedDerived;
  readonly indexes: readonly ReportedIndex[];
  readonly findingCount: number;
  /** The first ones. */
  readonly findings: readonly Finding[];
}

/**
 * Verifies the tables by their listing and the indexes of days, and finds the objects of every bucket that no job writes.
 * @throws STORAGE_FAILED
 */
export async function verifyRest(
  services: VerifyServices,
  { account, begunAt }: VerificationPlan,
): Promise<VerifiedRest> {
  const { archive, state, derived } = services;
  const few = createFewFindings();
  const onFinding = (found: Finding) => few.add([found]);
  const selection = everyObject("listing");
  const judgedUntil = judgedUntilOf(begunAt);
  const tables = await verifyDerived({ archive, derived, account, selection, judgedUntil, onFinding });
  const indexes: ReportedIndex[] = [];
  for (const aggregate of await auditedAggregates(archive, account))
    indexes.push({
      aggregate: aggregate.name,
      ...(await checkDayIndex({ archive, state, account, aggregate, onFinding })),
    });
  for (const strays of [findStrays(archive, account), findStateStrays(state), findDerivedStrays(derived)])
    for await (const stray of strays) onFinding(stray);
  return { tables, indexes, findingCount: few.count(), findings: few.kept() };
}
