import type { RunHistory, StackFunctions } from "../shared/aws/stack-functions.ts";
import { noProgress, progressAfter, type RunProgress } from "../shared/core/run-progress.ts";
import { JobError, serializeError } from "../shared/errors.ts";
import { cliHint } from "./cli-hint.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import type { StackOutputs } from "./open-stack.ts";
import { createRunDisplay } from "./run-display.ts";
import { reportEnd } from "./run-end.ts";
import { print, type Shell } from "./shell.ts";

/** A run to follow. */
export interface FollowedRun {
  readonly stack: StackOutputs;
  readonly functions: Pick<StackFunctions, "readHistory">;
  readonly job: string;
  readonly run: string;
  /** ARN of the durable execution. */
  readonly execution: string;
  /** Days `[from, to)` that are counted at the end. */
  readonly span?: { readonly from: string; readonly to: string } | undefined;
}

/** One request each: a run's history is read at most six times a minute. */
const pollMs = 10_000;
const maxEvents = 1_000;
/** Requests that may fail in a row. */
const maxFailures = 5;

/** Shows how far a run is until it has ended, then how it ended. After Ctrl-C it says how to go on. */
export async function followRun(
  followed: FollowedRun,
  { json }: { readonly json: boolean },
  shell: Shell,
): Promise<ExitStatus> {
  const display = createRunDisplay(shell, { job: followed.job, run: followed.run, json });
  let progress: RunProgress = noProgress;
  let [order, failures]: ["first" | "last", number] = ["first", 0];
  for (;;) {
    const history = await read(followed, order, ++failures);
    if (history) {
      failures = 0;
      progress = progressAfter(progress, history.events);
      // The first events say how much there is to do; from then on only the last ones are new.
      const isCurrent = order === "last" || !history.hasMore;
      order = "last";
      if (progress.end) break;
      if (isCurrent) display.show(progress);
    }
    if (!shell.interrupted.aborted) await shell.pause(pollMs);
    if (shell.interrupted.aborted) return leave(followed, json, shell);
  }
  display.clear();
  return reportEnd(followed, progress, { json }, shell);
}

/** Returns undefined if Lambda gave no response, which a later request may do. @throws START_FAILED with how to go on */
async function read(followed: FollowedRun, order: "first" | "last", failures: number): Promise<RunHistory | undefined> {
  try {
    return await followed.functions.readHistory(followed.execution, { order, max: maxEvents });
  } catch (error) {
    const mayPass = error instanceof JobError && error.retryable && failures < maxFailures;
    if (!mayPass) throw notSeen(followed, error);
    return undefined;
  }
}

/** The same command would start another run. */
function notSeen({ stack: { given }, job }: FollowedRun, cause: unknown): JobError {
  const error = serializeError(cause);
  return new JobError("START_FAILED", `The run goes on, but its end was not seen: ${error.message}`, {
    cause,
    hint: `${cliHint(error, { again: "follow the run again" })} Follow it: npx nightshift follow ${job} --stack ${given}`,
  });
}

function leave({ stack: { given }, job, run }: FollowedRun, json: boolean, shell: Shell): ExitStatus {
  const [followIt, stopIt] = ["follow", "stop"].map((command) => `npx nightshift ${command} ${job} --stack ${given}`);
  if (json) print(shell, JSON.stringify({ job, run, ended: null, follow: followIt, stop: stopIt }));
  else {
    print(shell, "The run goes on.");
    print(shell, `Follow it again: ${followIt}`);
    print(shell, `Stop it: ${stopIt}`);
  }
  return exitStatus.notFoundOut;
}
