import type * as z from "zod/mini";
import { type Bucket, createBucket } from "../aws/bucket.ts";
import { createS3Clock } from "../aws/s3-clock.ts";
import { Env } from "../contract.ts";
import { stateKeys } from "../core/object-keys.ts";
import { parseConfig } from "../runtime/config.ts";
import type { Checked, CheckRequest } from "../runtime/start-run.ts";
import { defaultOutside } from "./outside.ts";
import type { StorageEnvironment } from "./settings.ts";

/** What a request is checked, and a run estimated, with. */
export interface StartServices<Config> {
  readonly config: Config;
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly now: Date;
  readonly timeZone: string;
}

type Check<Config> = (services: StartServices<Config>, fields: unknown) => Omit<Checked, "at">;

/** How `start-run` checks a request for a job and tells what it will do: `check` is the job's own part of it. */
export function startCheck<Config extends StorageEnvironment>(schema: z.ZodMiniType<Config>, check: Check<Config>) {
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
      return { ...check({ config, archive, state, now: at, timeZone: config[Env.timeZone] }, fields), at };
    };
  };
}
