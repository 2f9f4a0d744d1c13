import type { Bucket } from "../../shared/aws/bucket.ts";
import { type JobName, jobs } from "../../shared/jobs.ts";
import type { JobDefinition } from "../../shared/runtime/define-job.ts";
import type { Engine } from "../../shared/runtime/engine.ts";
import type { RunServices } from "../../shared/runtime/job.ts";
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

/** The deployed jobs: the folder of each exports its definition. */
export const fastJobs = Object.fromEntries(
  await Promise.all(Object.keys(jobs).map(async (name) => [name, fastJob(await definitionOf(name))])),
) as FastJobs;

type AnyDefinition = JobDefinition<unknown, RunServices, unknown, Outside>;

async function definitionOf(name: string): Promise<AnyDefinition> {
  const exported = Object.values<AnyDefinition>(await import(`../../shared/jobs/${name}/${name}.ts`));
  const definition = exported.find((each) => each.name === name);
  if (!definition) throw new Error(`shared/jobs/${name}/${name}.ts exports no job of this name`);
  return definition;
}

function fastJob(definition: AnyDefinition): RunFastJob {
  return ({ engine, environment, outside, through }, event) => {
    const bucket: Outside["bucket"] = (...of) => (through ?? same)(outside.bucket(...of));
    return runJob({ ...definition, ...definition.open(environment, { ...outside, bucket }) }, engine, event);
  };
}

const same = (bucket: Bucket) => bucket;
