import type { Run, RunServices } from "../runtime/job.ts";

type Environment = Readonly<Record<string, string | undefined>>;
type Open<Services extends RunServices> = (run: Run) => Services | Promise<Services>;

/** Opens what a container's slices share when the first of them begins: a fault in the environment is then told as any other. */
export function openOnce<Services extends RunServices>(openContainer: (environment: Environment) => Open<Services>) {
  return (environment: Environment) => {
    let open: Open<Services> | undefined;
    return async (run: Run): Promise<Services> => {
      open ??= openContainer(environment);
      return open(run);
    };
  };
}
