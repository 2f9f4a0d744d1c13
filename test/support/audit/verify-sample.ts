import { type Verification, type VerifyOptions, verifyArchive } from "../../../shared/audit/verify-archive.ts";
import type { Finding } from "../../../shared/core/finding.ts";
import { audited } from "../../../shared/jobs/archive-calls/audit.ts";
import { account, type TestArchive } from "./archive-lab.ts";

export const depths = ["listing", "checksums", "bytes"] as const;

export interface Verified {
  readonly verification: Verification;
  readonly findings: readonly Finding[];
  /** Each finding as `code key`, sorted. */
  readonly findingLines: readonly string[];
}

/** Verifies the sample by its listing, unless a depth is given. */
export async function verifySample(
  { archive }: Pick<TestArchive, "archive">,
  options: Partial<VerifyOptions> = {},
): Promise<Verified> {
  const findings: Finding[] = [];
  const onFinding = (finding: Finding) => void findings.push(finding);
  const verification = await verifyArchive({
    archive,
    account,
    aggregate: audited,
    depth: "listing",
    onFinding,
    ...options,
  });
  return { verification, findings, findingLines: findings.map(({ code, key }) => `${code} ${key}`).sort() };
}
