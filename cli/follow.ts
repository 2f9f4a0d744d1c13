import { openStackFunctions } from "../shared/aws/stack-functions.ts";
import { JobError } from "../shared/errors.ts";
import type { ExitStatus } from "./command.ts";
import type { FollowOptions } from "./follow-command.ts";
import { followRun } from "./follow-run.ts";
import { openStack } from "./open-stack.ts";
import type { Shell } from "./shell.ts";
import { stackJob } from "./stack-jobs.ts";

/** Follows the run of a job that is at work. @throws REQUEST_INVALID when none is */
export async function follow(options: FollowOptions, shell: Shell): Promise<ExitStatus> {
  const { stack: name = "", json = false } = options;
  const stack = await openStack(name);
  const functions = openStackFunctions();
  const { job, functionName } = stackJob(stack, options.job);
  const running = await functions.findRunning(functionName);
  if (!running) {
    const hint = `See how it stands: npx nightshift status --stack ${name}. Start one: npx nightshift run ${job} --stack ${name}`;
    throw new JobError("REQUEST_INVALID", `No run of ${job} is at work`, { hint });
  }
  return shell.deferInterrupt(() => followRun({ stack, functions, job, ...running }, { json }, shell));
}
