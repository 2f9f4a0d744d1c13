import { S3Client } from "@aws-sdk/client-s3";
import { readAsStored } from "../shared/aws/s3-checksums.ts";
import { userRequestHandler } from "../shared/aws/user-request-handler.ts";
import { JobError } from "../shared/errors.ts";

/** Creates a client with the environment's AWS login. */
export function createS3Client(): S3Client {
  return new S3Client({ ...readAsStored, requestHandler: userRequestHandler({ environment: process.env }) });
}

/** @throws CONFIG_INVALID when region or credentials are missing */
export async function requireLogin({ config: { region, credentials } }: S3Client): Promise<void> {
  await requireSetting(region, "No AWS region is set", "Set AWS_REGION to the region of the stack or the bucket.");
  await requireSetting(credentials, "No AWS credentials were found", "Run aws sso login, or set AWS_PROFILE.");
}

async function requireSetting(setting: () => Promise<unknown>, message: string, hint: string): Promise<void> {
  try {
    await setting();
  } catch (cause) {
    throw new JobError("CONFIG_INVALID", message, { cause, hint });
  }
}
