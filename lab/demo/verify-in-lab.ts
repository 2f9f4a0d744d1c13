import { S3Client } from "@aws-sdk/client-s3";
import { type Verification, type VerifyOptions, verifyArchive } from "../../shared/audit/verify-archive.ts";
import { type Bucket, createBucket } from "../../shared/aws/bucket.ts";
import type { Finding } from "../../shared/core/finding.ts";
import { audited } from "../../shared/jobs/archive-calls/audit.ts";
import { archiveBucket, type Cloud } from "./cloud.ts";

export interface LabVerification {
  readonly verification: Verification;
  readonly findings: readonly Finding[];
}

/** Verifies a world's archive over S3's API, every byte of it, as an auditor would. */
export async function verifyInLab(
  { aws }: Pick<Cloud, "aws">,
  account: string,
  options: Partial<VerifyOptions> = {},
): Promise<LabVerification> {
  const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
  const client = new S3Client({ endpoint: aws.url, region: "us-east-1", credentials });
  try {
    return await verifyBucket(createBucket(client, archiveBucket), account, options);
  } finally {
    client.destroy();
  }
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
