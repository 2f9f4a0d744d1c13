import type * as z from "zod/mini";
import type { Bucket } from "../aws/bucket.ts";
import { createS3Clock } from "../aws/s3-clock.ts";
import { Env } from "../contract.ts";
import { stateKeys } from "../core/object-keys.ts";
import type { JobDeployment } from "../job-deployment.ts";
import { parseConfig } from "../runtime/config.ts";
import type { Checked, CheckRequest } from "../runtime/start-run.ts";
import type { StorageEnvironment } from "./environment.ts";
import { defaultOutside, type Outside } from "./outside.ts";

/** Services for checking a request and estimating a run. */
export interface CheckServices<Config> {
  readonly config: Config;
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly derived: Bucket;
  readonly now: Date;
  readonly timeZone: string;
}

type Check<Config> = (services: CheckServices<Config>, fields: unknown) => Omit<Checked, "at">;

export interface RequestCheckOptions<Config> {
  readonly deployment: Pick<JobDeployment, "estimateReads">;
  readonly schema: z.ZodMiniType<Config>;
  /** The job's own check. */
  readonly check: Check<Config>;
}

/** Opens a job's request check in a container of `start-run`. */
export type OpenRequestCheck = (
  environment: Readonly<Record<string, string | undefined>>,
  outside?: Outside,
) => CheckRequest;

/** Creates the check of a job's requests for `start-run`. @throws STORAGE_FAILED when a bucket cannot be read */
export function createRequestCheck<Config extends StorageEnvironment>({
  deployment: { estimateReads },
  schema,
  check,
}: RequestCheckOptions<Config>): OpenRequestCheck {
  return (environment, outside = defaultOutside) => {
    const s3 = outside.s3();
    const clock = createS3Clock(s3, outside.machineNow);
    return async (fields) => {
      const config = parseConfig(schema, environment);
      const archive = outside.bucket(s3, config[Env.archiveBucket]);
      const state = outside.bucket(s3, config[Env.stateBucket]);
      // Any response of S3 sets the clock that decides which days have ended.
      await state.head(stateKeys.account);
      const derived = outside.bucket(s3, config[Env.derivedBucket]);
      const now = clock();
      const checked = check({ config, archive, state, derived, now, timeZone: config[Env.timeZone] }, fields);
      const estimate = async () => {
        // Proves the rights for these buckets in the first dry run, which reads nothing else in an empty archive.
        const look = async (bucket: Bucket, [prefix]: readonly string[] = []) =>
          prefix === undefined ? undefined : bucket.head(`${prefix}first-look`);
        await look(archive, estimateReads.archive);
        await look(derived, estimateReads.derived);
        return checked.estimate();
      };
      return { ...checked, at: now, estimate };
    };
  };
}
