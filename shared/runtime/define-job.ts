import type { JobName } from "../jobs.ts";
import type { JobResources, JobSteps, RunServices } from "./job.ts";

/** A job as its folder defines it. `Outside`: everything outside the process, which tests replace. */
export interface JobDefinition<Request, Services extends RunServices, Result, Outside>
  extends JobSteps<Request, Services, Result> {
  readonly name: JobName;
  /** Opens the job's resources in a new container. */
  readonly open: (
    environment: Readonly<Record<string, string | undefined>>,
    outside?: Outside,
  ) => JobResources<Services>;
}

/** Returns the definition unchanged, with its types inferred. */
export function defineJob<Request, Services extends RunServices, Result, Outside>(
  definition: JobDefinition<Request, Services, Result, Outside>,
): JobDefinition<Request, Services, Result, Outside> {
  return definition;
}
