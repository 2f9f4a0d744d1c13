import { readNightReport } from "../shared/audit/night-report.ts";
import type { Bucket } from "../shared/aws/bucket.ts";
import { hasCode } from "../shared/errors.ts";
import type { ReportedHeads } from "./ledger-proof.ts";

/** The heads in the newest report of `verify-archive`. None if it is damaged or denied: then it is a finding itself. @throws STORAGE_FAILED */
export async function reportedHeads(archive: Bucket, account: string): Promise<ReportedHeads> {
  const report = await readNightReport(archive, account).catch((error: unknown) => {
    const isDenied = hasCode(error, "STORAGE_FAILED") && !error.retryable;
    if (!isDenied && !hasCode(error, "STORAGE_INVALID")) throw error;
  });
  return Object.fromEntries((report?.aggregates ?? []).map(({ aggregate, head }) => [aggregate, head]));
}
