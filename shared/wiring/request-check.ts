import type * as z from "zod/mini";
import type { Bucket } from "../aws/bucket.ts";
import { readPause } from "../aws/pause-file.ts";
import { Env } from "../contract.ts";
import { stateKeys } from "../core/object-keys.ts";
import type { JobDeployment } from "../job-deployment.ts";
import { parseConfig } from "../runtime/config.ts";
import type { Checked, CheckRequest } from "../runtime/start-run.ts";
import type { StorageEnvironment } from "./environment.ts";
import { type OpenBuckets, openBuckets } from "./open-buckets.ts";
import { defaultOutside, type Outside } from "./outside.ts";

/** Services for checking a request and estimating a run. */
export interface CheckServices<Config> extends Omit<OpenBuckets, "now"> {
  readonly config: Config;
  readonly now: Date;
  readonly timeZone: string;
}

type Check<Config> = (services: CheckServices<Config>, fields: unknown) => Omit<Checked, "at" | "pauseOf">;

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
    let buckets: OpenBuckets | undefined;
    return async (fields) => {
      const config = parseConfig(schema, environment);
      buckets ??= openBuckets(config, outside);
      const { archive, state, derived } = buckets;
      // Any response of S3 sets the clock that decides which days have ended.
      await state.head(stateKeys.account);
      const now = buckets.now();
      const checked = check({ config, archive, state, derived, now, timeZone: config[Env.timeZone] }, fields);
      const estimate = async () => {
        // Proves the rights for these buckets in the first dry run, which reads nothing else in an empty archive.
        const look = async (bucket: Bucket, [prefix]: readonly string[] = []) =>
          prefix === undefined ? undefined : bucket.head(`${prefix}first-look`);
        await look(archive, estimateReads.archive);
        await look(derived, estimateReads.derived);
        return checked.estimate();
      };
      return { ...checked, at: now, estimate, pauseOf: (job) => readPause(state, job) };
    };
  };
}
