import { openStackFunctions } from "../shared/aws/stack-functions.ts";
import { JobError } from "../shared/errors.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import { openStack } from "./open-stack.ts";
import { readStackStatus } from "./read-stack-status.ts";
import { print, type Shell } from "./shell.ts";
import { stackJob } from "./stack-jobs.ts";
import type { StopOptions } from "./stop-command.ts";
import { waitForEnd } from "./wait-for-end.ts";

/** Ends a job's run at work, and says what is left for the next one. */
export async function stop(options: StopOptions, shell: Shell): Promise<ExitStatus> {
  const { stack: name = "", json = false } = options;
  const stack = await openStack(name);
  const functions = openStackFunctions();
  const { job, functionName } = stackJob(stack, options.job);
  const running = await functions.findRunning(functionName);
  if (!running) {
    print(shell, json ? JSON.stringify({ job, run: null }) : `No run of ${job} is at work.`);
    return exitStatus.whole;
  }
  const { run, execution } = running;
  await shell.deferInterrupt(async () => {
    await functions.stop(execution);
    if (!(await waitForEnd(functions, { execution, minutes: 1 }, shell))) throw notSeen();
  });
  if (!json) {
    print(shell, `${run} was stopped. The next run of ${job} continues where it stopped.`);
    print(shell, "The alarm run-failed stays until that run has finished.");
  }
  const ended = { job, run, ended: "stopped" };
  const { report, sentence } = await readStackStatus(stack).catch((error: unknown) => {
    if (json) print(shell, JSON.stringify(ended));
    throw error;
  });
  print(shell, json ? JSON.stringify({ ...ended, status: report ?? null }) : sentence);
  return exitStatus.whole;
}

function notSeen(): JobError {
  return new JobError("START_FAILED", "The run is being stopped, and its end was not seen", {
    hint: "Run the command again: it says whether the run is still at work.",
  });
}
