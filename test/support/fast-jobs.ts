import type { Bucket } from "../../shared/aws/bucket.ts";
import { archiveCalls } from "../../shared/jobs/archive-calls/archive-calls.ts";
import { archiveServices } from "../../shared/jobs/archive-calls/services.ts";
import { buildTables } from "../../shared/jobs/build-tables/build-tables.ts";
import { tablesServices } from "../../shared/jobs/build-tables/services.ts";
import { collectAnalytics } from "../../shared/jobs/collect-analytics/collect-analytics.ts";
import { analyticsServices } from "../../shared/jobs/collect-analytics/services.ts";
import type { JobName } from "../../shared/jobs.ts";
import type { Engine } from "../../shared/runtime/engine.ts";
import type { JobDefinition, JobResources, RunServices } from "../../shared/runtime/job.ts";
import { type RunInput, type RunReport, runJob } from "../../shared/runtime/run-job.ts";
import type { Outside } from "../../shared/wiring/outside.ts";

/** One container's view of the world, in which a job runs. */
export interface JobSurroundings {
  readonly engine: Engine;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly outside: Outside;
  /** Wraps the buckets of the job's steps. @default nothing */
  readonly through?: (bucket: Bucket) => Bucket;
}

/** Runs a job in a new container, without state of earlier ones. */
export type RunFastJob = (surroundings: JobSurroundings, event: RunInput) => Promise<RunReport>;
export type FastJobs = Readonly<Record<JobName, RunFastJob>>;

/** The deployed jobs. */
export const fastJobs: FastJobs = {
  "archive-calls": fastJob(archiveCalls, archiveServices),
  "collect-analytics": fastJob(collectAnalytics, analyticsServices),
  "build-tables": fastJob(buildTables, tablesServices),
};

/** Creates a job with its own wiring; `open` is the export of its `services.ts`. */
export function fastJob<Request, Services extends RunServices, Result>(
  definition: JobDefinition<Request, Services, Result>,
  open: (environment: JobSurroundings["environment"], outside: Outside) => JobResources<Services>,
): RunFastJob {
  return ({ engine, environment, outside, through }, event) => {
    const bucket: Outside["bucket"] = (...of) => (through ?? same)(outside.bucket(...of));
    return runJob({ ...definition, ...open(environment, { ...outside, bucket }) }, engine, event);
  };
}

const same = (bucket: Bucket) => bucket;
