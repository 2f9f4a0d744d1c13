import type { Bucket } from "../aws/bucket.ts";
import { AccessReport, countLevel } from "../core/access/access-line.ts";
import { stateKeys } from "../core/object-keys.ts";
import { dayMs } from "../core/time/days.ts";
import { hasCode } from "../errors.ts";
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

/** Reads the newest report of `check-access`. Undefined without one, and if S3 does not let the caller read it. */
export async function readAccess(state: Bucket, now: () => Date): Promise<AccessStatus | undefined> {
  const stored = await state.get(stateKeys.newestAccessReport).catch((error: unknown) => {
    if (!hasCode(error, "STORAGE_FAILED")) throw error;
    return undefined;
  });
  const report = parseStored(AccessReport, stored);
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
