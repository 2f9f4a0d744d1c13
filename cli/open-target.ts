import { S3Client } from "@aws-sdk/client-s3";
import { type Bucket, createBucket } from "../shared/aws/bucket.ts";
import { openFolderBucket } from "../shared/aws/folder-bucket.ts";
import { createS3Clock } from "../shared/aws/s3-clock.ts";
import { JobError } from "../shared/errors.ts";
import { parsePlace, type TargetOptions } from "./target.ts";

/** A bucket, and the time by the clock of its server. */
interface OpenedBucket {
  readonly bucket: Bucket;
  readonly now: () => Date;
}

/** The buckets of a target. */
export interface Target {
  readonly archive: OpenedBucket;
  /** Undefined if neither a stack nor `state` is given. */
  readonly state: OpenedBucket | undefined;
}

/**
 * Opens the buckets with the environment's AWS login, and folders without one.
 * @throws CONFIG_INVALID when region or credentials are missing; REQUEST_INVALID when there is no such stack or folder
 */
export async function openTarget(options: TargetOptions & { readonly state?: string }): Promise<Target> {
  const { stack, bucket = "", state } = options;
  const places = stack === undefined ? { archive: bucket, state } : await placesOfStack(stack);
  const archive = await openPlace(places.archive);
  return { archive, state: places.state === undefined ? undefined : await openPlace(places.state) };
}

/** A stack is given by the name of its settings file, or by its whole name. */
async function placesOfStack(name: string): Promise<{ readonly archive: string; readonly state: string }> {
  await requireLogin(createClient());
  const { readStackOutputs } = await import("../shared/aws/stack-outputs.ts");
  const stack = name.startsWith("nightshift-") ? name : `nightshift-${name}`;
  const { ArchiveBucket: archive, StateBucket: state } = await readStackOutputs(stack);
  if (archive && state) return { archive, state };
  throw new JobError("REQUEST_INVALID", `The stack ${stack} has no outputs ArchiveBucket and StateBucket`, {
    hint: "Check --stack. If its first deployment has not ended, wait for it.",
  });
}

async function openPlace(text: string): Promise<OpenedBucket> {
  const place = parsePlace(text) ?? { bucket: text };
  if ("folder" in place) return { bucket: await openFolderBucket(place.folder), now: () => new Date() };
  const client = createClient();
  await requireLogin(client);
  return { bucket: createBucket(client, place.bucket), now: createS3Clock(client, Date.now) };
}

function createClient(): S3Client {
  return new S3Client({
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 },
    // A changed object must become a finding; the SDK's own check would throw in the middle of it.
    responseChecksumValidation: "WHEN_REQUIRED",
  });
}

/** @throws CONFIG_INVALID when region or credentials are missing */
async function requireLogin({ config: { region, credentials } }: S3Client): Promise<void> {
  await requireSetting(region, "No AWS region is set", "Set AWS_REGION to the bucket's region.");
  await requireSetting(credentials, "No AWS credentials were found", "Run aws sso login, or set AWS_PROFILE.");
}

async function requireSetting(setting: () => Promise<unknown>, message: string, hint: string): Promise<void> {
  try {
    await setting();
  } catch (cause) {
    throw new JobError("CONFIG_INVALID", message, { cause, hint });
  }
}
