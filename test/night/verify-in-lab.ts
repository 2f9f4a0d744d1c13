import { S3Client } from "@aws-sdk/client-s3";
import type { Finding } from "../../shared/audit/findings.ts";
import { type Verification, type VerifyOptions, verifyArchive } from "../../shared/audit/verify.ts";
import { type Bucket, bytesBody, createBucket } from "../../shared/aws/bucket.ts";
import { archiveBucket, type Cloud } from "./cloud.ts";

export interface LabVerification {
  readonly verification: Verification;
  readonly findings: readonly Finding[];
}

function clientOf({ aws }: Pick<Cloud, "aws">): S3Client {
  const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
  return new S3Client({ endpoint: aws.url, region: "us-east-1", credentials });
}

/** Puts something in an object's place, as somebody may who can write the archive bucket. */
export async function tamper(cloud: Pick<Cloud, "aws">, key: string, content: string): Promise<void> {
  const client = clientOf(cloud);
  await createBucket(client, archiveBucket).put(key, bytesBody(content), "application/json");
  client.destroy();
}

/** Verifies a world's archive over S3's API, every byte of it, as an auditor would. */
export async function verifyInLab(
  cloud: Pick<Cloud, "aws">,
  account: string,
  options: Partial<VerifyOptions> = {},
): Promise<LabVerification> {
  const client = clientOf(cloud);
  try {
    return await verifyBucket(createBucket(client, archiveBucket), account, options);
  } finally {
    client.destroy();
  }
}

/** The same of any bucket. */
export async function verifyBucket(
  archive: Bucket,
  account: string,
  options: Partial<VerifyOptions> = {},
): Promise<LabVerification> {
  const findings: Finding[] = [];
  const onFinding = (finding: Finding) => void findings.push(finding);
  return { verification: await verifyArchive({ archive, account, depth: "bytes", onFinding, ...options }), findings };
}
