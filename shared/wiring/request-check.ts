import type * as z from "zod/mini";
import { type Bucket, createBucket } from "../aws/bucket.ts";
import { createS3Clock } from "../aws/s3-clock.ts";
import { Env } from "../contract.ts";
import { stateKeys } from "../core/object-keys.ts";
import { type JobName, jobs } from "../jobs.ts";
import { parseConfig } from "../runtime/config.ts";
import type { Checked, CheckRequest } from "../runtime/start-run.ts";
import type { StorageEnvironment } from "./environment.ts";
import { defaultOutside } from "./outside.ts";

/** What a request is checked, and a run estimated, with. */
export interface CheckServices<Config> {
  readonly config: Config;
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly now: Date;
  readonly timeZone: string;
}

type Check<Config> = (services: CheckServices<Config>, fields: unknown) => Omit<Checked, "at">;

export interface StartCheckOptions<Config> {
  readonly job: JobName;
  readonly schema: z.ZodMiniType<Config>;
  /** The job's own part of it. */
  readonly check: Check<Config>;
}

/** How `start-run` checks a request for a job and tells what it will do. @throws JobError STORAGE_FAILED where it may not look at a bucket */
export function createRequestCheck<Config extends StorageEnvironment>({
  job,
  schema,
  check,
}: StartCheckOptions<Config>) {
  return (environment: Readonly<Record<string, string | undefined>>, outside = defaultOutside): CheckRequest => {
    const s3 = outside.s3();
    const clock = createS3Clock(s3, outside.machineNow);
    return async (fields) => {
      const config = parseConfig(schema, environment);
      const archive = createBucket(s3, config[Env.archiveBucket]);
      const state = createBucket(s3, config[Env.stateBucket]);
      // Any answer of S3's sets the clock by which days have begun.
      await state.head(stateKeys.account);
      const at = clock();
      const checked = check({ config, archive, state, now: at, timeZone: config[Env.timeZone] }, fields);
      const estimate = async () => {
        // The first dry run shows whether the rights fit both buckets: nothing else is looked at in an empty archive.
        const [prefix] = jobs[job].estimateReads.archive;
        await archive.head(`${prefix}first-look`);
        return checked.estimate();
      };
      return { ...checked, at, estimate };
    };
  };
}
