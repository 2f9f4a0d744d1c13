import type { AwsLab } from "../../lab/aws/server.ts";
import { auditedAggregates } from "../../shared/audit/audited-aggregates.ts";
import { checkDayIndex } from "../../shared/audit/check-day-index.ts";
import { findDerivedStrays, findStateStrays, findStrays } from "../../shared/audit/find-strays.ts";
import { everyObject } from "../../shared/audit/selection.ts";
import { verifyArchive } from "../../shared/audit/verify-archive.ts";
import { verifyDerived } from "../../shared/audit/verify-derived.ts";
import type { Depth } from "../../shared/core/depth.ts";
import type { Finding } from "../../shared/core/finding.ts";
import { labBucket } from "./lab-bucket.ts";

/** The id of the account in every storm. */
export const accountId = "7";

/** Verifies every bucket of a stack, as an auditor would. */
export async function verifyStack(aws: AwsLab, stack: string, depth: Depth): Promise<readonly Finding[]> {
  const { archive, state, derived, findings, onFinding } = openStack(aws, stack);
  const account = accountId;
  for (const aggregate of await auditedAggregates(archive, account)) {
    await verifyArchive({ archive, account, aggregate, depth: "listing", onFinding });
    await checkDayIndex({ archive, state, account, aggregate, onFinding });
  }
  await verifyDerived({ archive, derived, account, selection: everyObject(depth), onFinding });
  for (const strays of [findStrays(archive), findStateStrays(state), findDerivedStrays(derived)])
    for await (const stray of strays) onFinding(stray);
  return findings;
}

/** Compares tables with the build index. `objects` is the number of tables that it names. */
export async function verifyTables(aws: AwsLab, stack: string, includes: (key: string) => boolean = () => true) {
  const { findings, ...buckets } = openStack(aws, stack);
  const depthOf = (key: string) => (includes(key) ? ("listing" as const) : undefined);
  const { objects } = await verifyDerived({ ...buckets, account: accountId, selection: { depthOf } });
  return { objects, findings };
}

function openStack(aws: AwsLab, stack: string) {
  const findings: Finding[] = [];
  return {
    archive: labBucket(aws, `${stack}-archive`),
    state: labBucket(aws, `${stack}-state`),
    derived: labBucket(aws, `${stack}-derived`),
    findings,
    onFinding: (finding: Finding) => void findings.push(finding),
  };
}

/** A finding as one line. */
export function findingText({ code, bucket = "archive", key, detail }: Finding): string {
  return `${code} ${bucket} ${key}: ${detail}`;
}
