import { openStackFunctions } from "../shared/aws/stack-functions.ts";
import { dayOf } from "../shared/core/time/days.ts";
import type { BackfillOptions } from "./backfill-command.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import { estimateLines } from "./estimate-lines.ts";
import { followRun } from "./follow-run.ts";
import { openStack } from "./open-stack.ts";
import type { RunOptions } from "./run-command.ts";
import { print, type Shell } from "./shell.ts";
import { defaultJob } from "./stack-jobs.ts";
import { type Accepted, startRun } from "./start-run.ts";

/** Starts a run, prints its estimate, and follows it unless `--detach` is given. */
export function run(options: RunOptions, shell: Shell): Promise<ExitStatus> {
  const { job = defaultJob, day, group, rebuild } = options;
  const own = { ...(day && { days: day }), ...(group && { groups: group }), ...(rebuild && { rebuild }) };
  return startAndFollow({ ...requestOf(options), job, ...own }, options, shell);
}

/** Does the same for the days of a span, and then counts which of them are closed. */
export function backfill(options: BackfillOptions, shell: Shell): Promise<ExitStatus> {
  const { from = "", to = "" } = options;
  return startAndFollow({ ...requestOf(options), job: defaultJob }, { ...options, span: { from, to } }, shell);
}

function requestOf(options: BackfillOptions): object {
  const { from, to, relist, "accept-shrunk": acceptShrunk, "dry-run": dryRun } = options;
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(relist && { relist }),
    ...(acceptShrunk && { acceptShrunk }),
    ...(dryRun && { dryRun }),
  };
}

function startedLines({ job, run, pausedSince }: Accepted, stack: string): string[] {
  const paused = `${job} is paused, so that only this run starts. Resume it: npx nightshift resume ${job} --stack ${stack}`;
  return [`${job} has started: ${run}`, ...(pausedSince ? [paused] : [])];
}

interface StartOptions extends BackfillOptions {
  readonly span?: { readonly from: string; readonly to: string };
}

async function startAndFollow(request: object, options: StartOptions, shell: Shell): Promise<ExitStatus> {
  const { stack: name = "", json = false, detach = false, span } = options;
  const stack = await openStack(name);
  const functions = openStackFunctions();
  return shell.deferInterrupt(async () => {
    const response = await startRun(stack, functions, request, shell);
    const { started, job, run = "", execution, estimate } = response;
    const today = dayOf(new Date(), "UTC");
    const lines = json ? [JSON.stringify(response)] : estimateLines(job, estimate, today);
    for (const line of lines) print(shell, line);
    if (!started) return exitStatus.whole;
    if (!json) for (const line of startedLines(response, name)) print(shell, line);
    if (detach || !execution) {
      if (!json) print(shell, `Follow it: npx nightshift follow ${job} --stack ${name}`);
      return exitStatus.whole;
    }
    return followRun({ stack, functions, job, run, execution, span }, { json }, shell);
  });
}
