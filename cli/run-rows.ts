import { counted } from "../shared/core/counted.ts";
import type { StatusReport } from "../shared/status/read-status.ts";
import type { StackRuns } from "./stack-runs.ts";

/** A row: its label, and a text or several below each other. */
export type Row = readonly [string, string | readonly string[]];

export const unknownText = "not known without --stack or --state";

/** Returns how the last run of each job stands. */
export function runTexts({ runs, steps = {} }: StatusReport & Partial<StackRuns>): string | readonly string[] {
  if (!runs) return unknownText;
  if (runs.length === 0) return "none yet";
  return runs.map(({ job, isAtWork, hasFailed, at }) => {
    const step = steps[job] === undefined ? "" : ` (${steps[job]})`;
    return isAtWork
      ? `${job} at work since ${minute(at)}${step}`
      : `${job} ${hasFailed ? "failed" : "ended"} ${minute(at)}`;
  });
}

/** Returns a row of the paused jobs, if there are any. */
export function pauseRows({ pauses = [] }: StatusReport): Row[] {
  const texts = pauses.map(({ job, since, days, reason }) =>
    since === null ? `${job} perhaps: ${reason}` : `${job} since ${minute(since)} (${counted(days, "day")})`,
  );
  return texts.length === 0 ? [] : [["paused", texts]];
}

/** Returns a row of the next starts, if they are known. */
export function nextRows({ nextStarts }: Partial<StackRuns>): Row[] {
  if (!nextStarts) return [];
  const texts = Object.entries(nextStarts).map(([job, at]) => `${job} ${minute(at)}`);
  return [["next runs", texts.length === 0 ? "none: paused, or switched off in the settings" : texts]];
}

/** Returns an instant to the minute. */
export function minute(at: string): string {
  return `${at.slice(0, 16).replace("T", " ")} UTC`;
}
