import type { Bucket } from "../aws/bucket.ts";
import { createRunOwner, OwnerRecord } from "../aws/run-owner.ts";
import type { Signer } from "../aws/signer.ts";
import { versionedObject } from "../aws/versioned-object.ts";
import { Env } from "../contract.ts";
import { stateKeys } from "../core/object-keys.ts";
import type { JobsAtWork } from "../ringcentral/http/rate-gate.ts";
import type { Run, RunServices } from "../runtime/job.ts";
import type { MetricsSink } from "../runtime/metrics.ts";
import type { StorageEnvironment } from "./environment.ts";
import { createJobsAtWork } from "./jobs-at-work.ts";
import type { ContainerOptions } from "./lazy-services.ts";
import { openBuckets } from "./open-buckets.ts";

/** Services for the steps of every job. */
export interface StorageServices extends RunServices {
  readonly run: Run;
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly derived: Bucket;
  readonly metrics: MetricsSink;
  readonly timeZone: string;
  readonly jobsAtWork: JobsAtWork;
  /** Signs ledger entries; undefined without a signing key. */
  readonly sign: Signer | undefined;
}

/** Opens a container's storage. Returns a function that creates each slice's services. */
export function openStorage(config: StorageEnvironment, { job, log, metrics, outside }: ContainerOptions) {
  const { nonce, signer } = outside;
  const buckets = openBuckets(config, outside);
  const { state, now } = buckets;
  const keyArn = config[Env.signingKeyArn];
  const ownerRecord = versionedObject(state, stateKeys.owner(job), OwnerRecord);
  const others = config[Env.rateGroupJobs]?.split(",").filter(Boolean) ?? [];
  const jobsAtWork = createJobsAtWork(state, others, now);
  const shared = {
    ...buckets,
    jobsAtWork,
    owner: createRunOwner(ownerRecord, { now, nonce, jobsAtWork }),
    sign: keyArn ? signer(keyArn) : undefined,
    timeZone: config[Env.timeZone],
  };
  return (run: Run): StorageServices => ({
    ...shared,
    run,
    metrics: metrics(),
    log: log(run),
    nextWindowAt: () => undefined,
  });
}
