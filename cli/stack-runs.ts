import type { StackFunctions } from "../shared/aws/stack-functions.ts";
import { StackOutput } from "../shared/contract.ts";
import { noProgress, progressAfter } from "../shared/core/run-progress.ts";
import { nextStart } from "../shared/core/time/next-start.ts";
import { jobsInTurn } from "../shared/jobs.ts";
import type { StatusReport } from "../shared/status/read-status.ts";
import type { StackOutputs } from "./open-stack.ts";
import { progressText } from "./run-display.ts";

/** What only a stack knows of its runs. */
export interface StackRuns {
  /** How far the runs at work are, by job. Without the right to read it a job is missing. */
  readonly steps: Readonly<Record<string, string>>;
  /** When schedules start jobs next, by job; ISO 8601. A paused job is missing. */
  readonly nextStarts: Readonly<Record<string, string>>;
}

/** Enough to see the step and what it has done. */
const maxEvents = 20;

/** Reads the running steps, and computes the next starts from the stack's outputs. */
export async function readStackRuns(
  stack: StackOutputs,
  { runs = [], pauses = [] }: Pick<StatusReport, "runs" | "pauses">,
  now: Date,
): Promise<StackRuns> {
  const atWork = runs.filter(({ isAtWork }) => isAtWork).map(({ job }) => job);
  const isPaused = (job: string) => pauses.some((pause) => pause.job === job && pause.since !== null);
  return {
    steps: atWork.length === 0 ? {} : await readSteps(stack, atWork),
    nextStarts: Object.fromEntries(
      jobsInTurn
        .filter((job) => !isPaused(job))
        .flatMap((job) => {
          const [expression, zone] = splitSchedule(stack.outputs[StackOutput.jobSchedule(job)]);
          const at = nextStart(expression, zone, now);
          return at ? [[job, at.toISOString()]] : [];
        }),
    ),
  };
}

/** An output holds the expression, a space and the time zone. */
function splitSchedule(output = ""): readonly [string, string] {
  const end = output.lastIndexOf(" ");
  return [output.slice(0, Math.max(0, end)), output.slice(end + 1)];
}

async function readSteps(stack: StackOutputs, jobs: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const { openStackFunctions } = await import("../shared/aws/stack-functions.ts");
  const functions = openStackFunctions();
  const steps = await Promise.all(
    jobs.map(async (job) => [job, await readStep(functions, stack, job).catch(() => undefined)] as const),
  );
  return Object.fromEntries(steps.flatMap(([job, step]) => (step === undefined ? [] : [[job, step]])));
}

async function readStep(
  functions: StackFunctions,
  { outputs }: StackOutputs,
  job: string,
): Promise<string | undefined> {
  const running = await functions.findRunning(outputs[StackOutput.jobFunction(job)] ?? job);
  if (!running) return undefined;
  const { events } = await functions.readHistory(running.execution, { order: "last", max: maxEvents });
  return progressText(job, progressAfter(noProgress, events));
}
