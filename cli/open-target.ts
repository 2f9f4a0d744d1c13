import { type Bucket, createBucket } from "../shared/aws/bucket.ts";
import { openFolderBucket } from "../shared/aws/folder-bucket.ts";
import type { ObjectVersions } from "../shared/aws/object-versions.ts";
import { createS3Clock } from "../shared/aws/s3-clock.ts";
import { StackOutput } from "../shared/contract.ts";
import { createS3Client, requireLogin } from "./login.ts";
import { openStack, requiredOutput, type StackOutputs } from "./open-stack.ts";
import { parsePlace, type TargetOptions } from "./target.ts";

/** A bucket, and the time by the clock of its server. */
export interface OpenedBucket {
  /** As the user knows it: `s3://…`, or the folder. */
  readonly name: string;
  readonly bucket: Bucket;
  readonly now: () => Date;
  /** Returns a URL of an object that lives some seconds; a folder has none. */
  readonly link?: (key: string, seconds: number) => Promise<string>;
  /** Opens the versions of its objects; a folder has none. */
  readonly versions?: () => Promise<ObjectVersions>;
}

/** The buckets of a target. */
export interface Target {
  readonly archive: OpenedBucket;
  /** Undefined if neither a stack nor `state` is given. */
  readonly state: OpenedBucket | undefined;
  /** Undefined if neither a stack nor `derived` is given. */
  readonly derived: OpenedBucket | undefined;
}

/**
 * Opens the buckets with the environment's AWS login, and folders without one.
 * @throws CONFIG_INVALID when region or credentials are missing; REQUEST_INVALID when there is no such stack or folder
 */
export async function openTarget(
  options: TargetOptions & { readonly state?: string; readonly derived?: string },
): Promise<Target> {
  const { stack, bucket = "", state, derived } = options;
  if (stack !== undefined) return openBuckets(await openStack(stack));
  const archive = await openPlace(bucket);
  return { archive, state: await openIfNamed(state), derived: await openIfNamed(derived) };
}

/** Opens the buckets of a stack. @throws REQUEST_INVALID when its outputs do not name archive and state */
export async function openBuckets(stack: StackOutputs): Promise<Target & { readonly state: OpenedBucket }> {
  const archive = await openPlace(requiredOutput(stack, StackOutput.archiveBucket));
  const state = await openPlace(requiredOutput(stack, StackOutput.stateBucket));
  return { archive, state, derived: await openIfNamed(stack.outputs[StackOutput.derivedBucket]) };
}

async function openIfNamed(place: string | undefined): Promise<OpenedBucket | undefined> {
  return place === undefined ? undefined : openPlace(place);
}

/** Opens a bucket or a folder. @throws like `openTarget` */
export async function openPlace(text: string): Promise<OpenedBucket> {
  const place = parsePlace(text) ?? { bucket: text };
  if ("folder" in place)
    return { name: place.folder, bucket: await openFolderBucket(place.folder), now: () => new Date() };
  const client = createS3Client();
  await requireLogin(client);
  return {
    name: place.bucket.startsWith("arn:") ? place.bucket : `s3://${place.bucket}`,
    bucket: createBucket(client, place.bucket),
    now: createS3Clock(client, Date.now),
    versions: async () => (await import("../shared/aws/object-versions.ts")).createObjectVersions(client, place.bucket),
    link: async (key, seconds) => (await import("./link-to.ts")).linkTo(client, place.bucket, key, seconds),
  };
}
