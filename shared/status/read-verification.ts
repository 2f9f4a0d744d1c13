import { readNightReport } from "../audit/night-report.ts";
import type { Bucket } from "../aws/bucket.ts";
import { isOfOneObject } from "../storage/each-day.ts";

/** What the last verification found. */
export interface VerificationStatus {
  /** ISO 8601; undefined if the newest report is damaged. */
  readonly endedAt: string | undefined;
  readonly findings: number;
}

/** Reads the newest report of `verify-archive`. Undefined without one. A damaged one is a finding. @throws STORAGE_FAILED */
export async function readVerification(archive: Bucket, account: string): Promise<VerificationStatus | undefined> {
  try {
    const report = await readNightReport(archive, account);
    return report && { endedAt: report.endedAt, findings: report.findingCount };
  } catch (error) {
    if (!isOfOneObject(error)) throw error;
    return { endedAt: undefined, findings: 1 };
  }
}
