import { auditedAggregates } from "../../shared/audit/audited-aggregates.ts";
import { checkDayIndex } from "../../shared/audit/check-day-index.ts";
import type { Depth } from "../../shared/audit/check-object.ts";
import { findDerivedStrays, findStateStrays, findStrays } from "../../shared/audit/find-strays.ts";
import { verifyArchive } from "../../shared/audit/verify-archive.ts";
import { verifyDerived } from "../../shared/audit/verify-derived.ts";
import type { Finding } from "../../shared/core/finding.ts";
import type { FastStack } from "../support/fast-world.ts";

/** Verifies every bucket of a stack, as an auditor would. @throws STORAGE_FAILED while S3 is unavailable */
export async function verifyStack(stack: FastStack, account: string, depth: Depth): Promise<readonly Finding[]> {
  const { archive, state, derived } = stack;
  const findings: Finding[] = [];
  const onFinding = (finding: Finding) => void findings.push(finding);
  for (const aggregate of await auditedAggregates(archive, account)) {
    await verifyArchive({ archive, account, aggregate, depth: "listing", onFinding });
    await checkDayIndex({ archive, state, account, aggregate, onFinding });
  }
  await verifyDerived({ archive, derived, account, depthOf: () => depth, includesDay: () => true, onFinding });
  for (const strays of [findStrays(archive), findStateStrays(state), findDerivedStrays(derived)])
    for await (const stray of strays) onFinding(stray);
  return findings;
}

/** A finding as one line. */
export function findingText({ code, bucket = "archive", key, detail }: Finding): string {
  return `${code} ${bucket} ${key}: ${detail}`;
}
