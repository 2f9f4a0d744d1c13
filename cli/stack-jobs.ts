import { StackOutput } from "../shared/contract.ts";
import { nearestName } from "../shared/core/nearest-name.ts";
import { JobError } from "../shared/errors.ts";
import { type JobName, jobs } from "../shared/jobs.ts";
import { requiredOutput, type StackOutputs } from "./open-stack.ts";

/** The job of a command that names none. */
export const defaultJob: JobName = "archive-calls";

/** A deployed job, and the name of its function. */
export interface StackJob {
  readonly job: JobName;
  readonly functionName: string;
}

/** Returns the jobs of a stack, in the order of shared/jobs.ts. */
export function stackJobs({ outputs }: Pick<StackOutputs, "outputs">): StackJob[] {
  return (Object.keys(jobs) as JobName[]).flatMap((job) => {
    const functionName = outputs[StackOutput.jobFunction(job)];
    return functionName ? [{ job, functionName }] : [];
  });
}

/** Returns a job of a stack. @throws REQUEST_INVALID when there is no such job */
export function stackJob(stack: StackOutputs, name: string = defaultJob): StackJob {
  const deployed = stackJobs(stack);
  const found = deployed.find(({ job }) => job === name);
  if (found) return found;
  // An earlier version of the stack names no functions at all.
  if (deployed.length === 0) requiredOutput(stack, StackOutput.jobFunction(name));
  const names = deployed.map(({ job }) => job);
  if (Object.hasOwn(jobs, name)) throw notDeployed(stack, name, names);
  throw new JobError("REQUEST_INVALID", `The stack ${stack.stack} has no job ${name}`, {
    hint: `Name one of ${names.join(", ")}. Did you mean ${nearestName(name, names)}?`,
  });
}

function notDeployed({ stack }: StackOutputs, name: string, deployed: readonly string[]): JobError {
  return new JobError("REQUEST_INVALID", `The stack ${stack} is deployed without the job ${name}`, {
    hint: `Add ${name} to jobs in its settings and deploy it again. It has ${deployed.join(", ")}.`,
  });
}
