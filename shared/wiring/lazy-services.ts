import type { JobName } from "../jobs.ts";
import type { JobResources, Run, RunServices } from "../runtime/job.ts";
import { createJobReporter, type JobReporter } from "./job-reporter.ts";
import { defaultOutside, type Outside } from "./outside.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type OpenServices<Services extends RunServices> = (run: Run) => Services | Promise<Services>;

/** Options for opening a container's services, besides its environment. */
export interface ContainerOptions extends JobReporter {
  readonly outside: Outside;
}

/**
 * Creates a container's shared services on its first slice, so that an invalid environment fails the run, not the
 * module load.
 */
export function lazyServices<Services extends RunServices>(
  job: JobName,
  openContainer: (environment: Environment, options: ContainerOptions) => OpenServices<Services>,
) {
  return (environment: Environment, outside = defaultOutside): JobResources<Services> => {
    const jobReporter = createJobReporter(job, environment, outside);
    let openServices: OpenServices<Services> | undefined;
    return {
      reporter: jobReporter.reporter,
      services: async (run) => {
        openServices ??= openContainer(environment, { ...jobReporter, outside });
        return openServices(run);
      },
    };
  };
}
