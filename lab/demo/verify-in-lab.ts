import { type Verification, type VerifyOptions, verifyArchive } from "../../shared/audit/verify-archive.ts";
import { type Bucket, createBucket } from "../../shared/aws/bucket.ts";
import type { Finding } from "../../shared/core/finding.ts";
import { audited } from "../../shared/jobs/archive-calls/audit.ts";
import { createDirectS3 } from "../aws/direct-clients.ts";
import { archiveBucket, type Cloud } from "./cloud.ts";

export interface LabVerification {
  readonly verification: Verification;
  readonly findings: readonly Finding[];
}

/** Verifies every byte of a world's archive, as an auditor would. */
export function verifyInLab(
  { aws }: Pick<Cloud, "aws">,
  account: string,
  options: Partial<VerifyOptions> = {},
): Promise<LabVerification> {
  return verifyBucket(createBucket(createDirectS3(aws.unsignedHandler), archiveBucket), account, options);
}

/** Verifies any bucket in the same way. */
export async function verifyBucket(
  archive: Bucket,
  account: string,
  options: Partial<VerifyOptions> = {},
): Promise<LabVerification> {
  const findings: Finding[] = [];
  const onFinding = (finding: Finding) => void findings.push(finding);
  return {
    verification: await verifyArchive({ archive, account, aggregate: audited, depth: "bytes", onFinding, ...options }),
    findings,
  };
}
