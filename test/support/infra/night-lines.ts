import type { PublishedData } from "../../../lab/cloudwatch/published-metrics.ts";
import { metricLine } from "../metric-lines.ts";

const minuteMs = 60_000;

/** Gauges of a complete archive. */
export const allWell = {
  ...{ OldestPendingDays: 0, DaysUntilDeletion: 90, PendingNearDeletion: 0, BacklogNights: 0 },
  ...{ BacklogBeyondHorizon: 0, OldestOpenNights: 0, FailedInBulk: 0, ListingsShrunk: 0, QuietDays: 0 },
};

export interface ScriptedRun {
  readonly job: string;
  readonly start: Date;
  /** @default 10 */
  readonly minutes?: number;
  /** `killed`: it was stopped or timed out, and only AWS reports it. @default "finished" */
  readonly end?: "finished" | "failed" | "superseded" | "killed";
  /** Additional metrics at its end. */
  readonly metrics?: Readonly<Record<string, number>>;
}

/** Creates the lines of a run, with metrics embedded: activity with each slice, and its end. */
export function linesOf({
  job,
  start,
  minutes = 10,
  end = "finished",
  metrics = {},
}: ScriptedRun): readonly PublishedData[] {
  const endMs = start.getTime() + minutes * minuteMs;
  const line = (atMs: number, values: Readonly<Record<string, number>>) => metricLine(job, new Date(atMs), values);
  const working = { RunsAlive: 1, RunsFinished: 0, RunsFailed: 0, ApiRequests: 3 };
  const lines: PublishedData[] = [{ at: start, line: "START RequestId: 1" }];
  for (let at = start.getTime(); at < endMs; at += 4 * minuteMs) lines.push(line(at, working));
  const seconds = Math.floor(endMs / 1000);
  switch (end) {
    case "killed":
      return [...lines, line(endMs + minuteMs, { RunEnded: -seconds })];
    case "failed":
      // AWS reports it, too, and a moment later.
      return [
        ...lines,
        line(endMs, { RunsAlive: 1, RunsFailed: 1, RunEnded: -seconds, ...metrics }),
        line(endMs + minuteMs, { RunEnded: -seconds }),
      ];
    case "superseded":
      return [...lines, line(endMs, { RunsAlive: 1, RunsFinished: 1 })];
    case "finished":
      return [...lines, line(endMs, { RunsAlive: 1, RunsFinished: 1, RunEnded: seconds, ...metrics })];
  }
}
