import type { Bucket } from "../aws/bucket.ts";
import { AccessReport, countLevel } from "../core/access/access-line.ts";
import { stateKeys } from "../core/object-keys.ts";
import { dayMs } from "../core/time/days.ts";
import { parseStored } from "../storage/stored-json.ts";

/** What the last check of the installation saw. */
export interface AccessStatus {
  readonly checkedAt: string;
  readonly faults: number;
  readonly warnings: number;
  /** End of the credential's JWT, and the whole days until then; undefined if it names none or could not be read. */
  readonly credentialExpiresAt: string | undefined;
  readonly credentialDaysLeft: number | undefined;
}

/** Reads the newest report of `check-access`. Undefined without one. @throws STORAGE_FAILED */
export async function readAccess(state: Bucket, now: () => Date): Promise<AccessStatus | undefined> {
  const report = parseStored(AccessReport, await state.get(stateKeys.newestAccessReport));
  if (!report) return undefined;
  const { credentialExpiresAt, lines } = report;
  return {
    checkedAt: report.at,
    faults: countLevel(lines, "fault"),
    warnings: countLevel(lines, "warning"),
    credentialExpiresAt,
    credentialDaysLeft: credentialExpiresAt === undefined ? undefined : daysUntil(credentialExpiresAt, now()),
  };
}

function daysUntil(instant: string, now: Date): number {
  return Math.max(0, Math.floor((Date.parse(instant) - now.getTime()) / dayMs));
}
