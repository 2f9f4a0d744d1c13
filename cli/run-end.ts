import { counted } from "../shared/core/counted.ts";
import { memberOf, numberOf } from "../shared/core/lenient.ts";
import { type RunProgress, runResult } from "../shared/core/run-progress.ts";
import { daysBetween } from "../shared/core/time/days.ts";
import { readClosedDays } from "../shared/status/read-closed-days.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import type { FollowedRun } from "./follow-run.ts";
import { readStackStatus } from "./read-stack-status.ts";
import { print, type Shell } from "./shell.ts";

/** Prints how a run ended, then how the archive stands. */
export async function reportEnd(
  { stack, job, run, span }: FollowedRun,
  progress: RunProgress,
  { json }: { readonly json: boolean },
  shell: Shell,
): Promise<ExitStatus> {
  const { ended, sentence } = endOf(job, progress, stack.given);
  if (!json) print(shell, sentence);
  const { report, sentence: archiveSentence, state } = await readStackStatus(stack);
  const days = span && report && (await countDays(state, report.account, span));
  if (json)
    print(shell, JSON.stringify({ job, run, ended, message: progress.end?.message, days, status: report ?? null }));
  else {
    if (days)
      print(shell, `Of ${counted(days.requested, "requested day")}, ${days.closed} closed and ${days.open} open.`);
    print(shell, archiveSentence);
  }
  return ended === "finished" && (report?.toDo.length ?? 0) === 0 ? exitStatus.whole : exitStatus.somethingIsWrong;
}

/** Days of the span that are closed, by the index that the run has just written. */
async function countDays(
  state: Parameters<typeof readClosedDays>[0],
  account: string,
  { from, to }: { from: string; to: string },
) {
  const closed = await readClosedDays(state, account);
  const requested = daysBetween(from, to);
  const count = requested.filter((day) => closed.has(day)).length;
  return { requested: requested.length, closed: count, open: requested.length - count };
}

/** How a run ended, and the sentence for it. A run that succeeded says itself which way. */
function endOf(
  job: string,
  progress: RunProgress,
  stack: string,
): { readonly ended: string; readonly sentence: string } {
  const { status = "FAILED", message } = progress.end ?? {};
  if (status === "SUCCEEDED") {
    const { status: own, counts } = runResult(progress);
    return { ended: own, sentence: `${job} ${ownEnds[own] ?? own}${resultText(counts, stack)}` };
  }
  const because = message ? `: ${message}` : ".";
  const ends = { FAILED: "failed", TIMED_OUT: "timed out", STOPPED: "was stopped" } as const;
  return { ended: status.toLowerCase().replace("_", "-"), sentence: `${job} ${ends[status]}${because}` };
}

/** What a run of `verify-archive` has found, or one of `build-pages` has written. */
function resultText(counts: unknown, stack: string): string {
  const [findings, pages] = [numberOf(memberOf(counts, "findings")), numberOf(memberOf(counts, "pages"))];
  if (pages !== undefined) return ` ${counted(pages, "page")} written.`;
  if (findings === undefined) return "";
  const hint = findings === 0 ? "." : `. See them: npx nightshift report --stack ${stack}`;
  return ` ${counted(findings, "finding")}${hint}`;
}

const ownEnds: Readonly<Record<string, string>> = {
  finished: "has finished.",
  paused: "has paused before Lambda's limit of operations; the next run continues.",
  superseded: "was superseded: a newer run of the job is at work.",
};
