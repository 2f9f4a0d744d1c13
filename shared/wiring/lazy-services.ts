import type { JobName } from "../jobs.ts";
import type { JobResources, Run, RunServices } from "../runtime/job.ts";
import { createJobReporter, type JobReporter } from "./job-reporter.ts";
import { defaultOutside, type Outside } from "./outside.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Open<Services extends RunServices> = (run: Run) => Services | Promise<Services>;

/** What a container is opened with, besides its environment. */
export interface ContainerOptions extends JobReporter {
  readonly outside: Outside;
}

/** Opens what a container's slices share when the first of them begins: an invalid environment fails the run, not the module's load. */
export function lazyServices<Services extends RunServices>(
  job: JobName,
  openContainer: (environment: Environment, options: ContainerOptions) => Open<Services>,
) {
  return (environment: Environment, outside = defaultOutside): JobResources<Services> => {
    const told = createJobReporter(job, outside);
    let open: Open<Services> | undefined;
    return {
      reporter: told.reporter,
      services: async (run) => {
        open ??= openContainer(environment, { ...told, outside });
        return open(run);
      },
    };
  };
}
