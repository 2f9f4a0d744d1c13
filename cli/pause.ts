import { randomUUID } from "node:crypto";
import { writePause } from "../shared/aws/pause-file.ts";
import { StatePrefix } from "../shared/contract.ts";
import { hasCode, JobError } from "../shared/errors.ts";
import type { JobName } from "../shared/jobs.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import { openStack, type StackOutputs } from "./open-stack.ts";
import { openBuckets } from "./open-target.ts";
import type { PauseOptions } from "./pause-command.ts";
import { print, type Shell } from "./shell.ts";
import { stackJob, stackJobs } from "./stack-jobs.ts";

/** Pauses the automatic starts of jobs. */
export function pause(options: PauseOptions, shell: Shell): Promise<ExitStatus> {
  return change(options, true, shell);
}

/** Ends a pause. */
export function resume(options: PauseOptions, shell: Shell): Promise<ExitStatus> {
  return change(options, false, shell);
}

async function change(options: PauseOptions, isPaused: boolean, shell: Shell): Promise<ExitStatus> {
  const { stack: name = "", json = false } = options;
  const stack = await openStack(name);
  const jobs = jobsOf(stack, options.job);
  const { state } = await openBuckets(stack);
  // Ctrl-C would leave some of the jobs as they were.
  await shell.deferInterrupt(async () => {
    for (const job of jobs) {
      const written = await write(state, job, isPaused);
      const text = json ? JSON.stringify({ job, isPaused, ...written }) : textOf(job, isPaused, written);
      print(shell, text);
    }
  });
  if (!json) for (const line of adviceOf(isPaused, options.job === undefined ? [] : jobs, name)) print(shell, line);
  return exitStatus.whole;
}

/** All names are checked before anything is written. */
function jobsOf(stack: StackOutputs, names: readonly string[] | undefined): JobName[] {
  const all = stackJobs(stack).map(({ job }) => job);
  // Without any it fails with what the stack lacks.
  return names === undefined && all.length > 0
    ? all
    : [...new Set(names ?? [undefined])].map((each) => stackJob(stack, each).job);
}

type State = Awaited<ReturnType<typeof openBuckets>>["state"];

async function write({ bucket, now }: State, job: string, isPaused: boolean) {
  try {
    return await writePause(bucket, job, { isPaused, now, nonce: randomUUID });
  } catch (error) {
    if (!hasCode(error, "STORAGE_FAILED") || error.details.status !== 403) throw error;
    throw new JobError(
      "REQUEST_INVALID",
      `AWS does not let this login write ${StatePrefix.pauses} in the state bucket`,
      {
        cause: error,
        hint: `Allow it s3:GetObject and s3:PutObject on ${StatePrefix.pauses}*, s3:ListBucket, and kms:Decrypt and kms:GenerateDataKey if the bucket has its own KMS key.`,
      },
    );
  }
}

function textOf(
  job: string,
  isPaused: boolean,
  { since, isNew }: { readonly since: string; readonly isNew: boolean },
): string {
  if (!isPaused) return isNew ? `${job} is resumed.` : `${job} is not paused.`;
  return isNew ? `${job} is paused.` : `${job} has been paused since ${since.slice(0, 16).replace("T", " ")} UTC.`;
}

/** @param named the jobs that the user has named: only they are to be resumed */
function adviceOf(isPaused: boolean, named: readonly string[], stack: string): string[] {
  if (!isPaused) return ["The next night does what was missed."];
  const resume = ["npx", "nightshift resume", ...named, "--stack", stack].join(" ");
  return [
    named.length === 0 ? `Nothing starts by itself until: ${resume}` : `To have it start by itself again: ${resume}`,
    "A run at work goes on. RingCentral deletes recordings after 90 days by default: do not pause for too long.",
  ];
}
