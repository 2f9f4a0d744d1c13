import type { Bucket } from "../aws/bucket.ts";
import { createS3Clock } from "../aws/s3-clock.ts";
import { Env } from "../contract.ts";
import type { StorageEnvironment } from "./environment.ts";
import type { Outside } from "./outside.ts";

/** The stack's buckets, and the time by S3's clock. */
export interface OpenBuckets {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly derived: Bucket;
  readonly now: () => Date;
}

/** Opens the buckets of a container. */
export function openBuckets(
  config: StorageEnvironment,
  { s3: openClient, bucket, machineNow }: Pick<Outside, "s3" | "bucket" | "machineNow">,
): OpenBuckets {
  const s3 = openClient();
  return {
    archive: bucket(s3, config[Env.archiveBucket]),
    state: bucket(s3, config[Env.stateBucket]),
    derived: bucket(s3, config[Env.derivedBucket]),
    now: createS3Clock(s3, machineNow),
  };
}
