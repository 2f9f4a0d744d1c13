import { renewDays } from "../core/access/credential-lines.ts";
import type { ArchiveStatus } from "../core/calls/archive-status.ts";
import { maxPausedDays } from "../core/pause.ts";
import { jobs } from "../jobs.ts";
import type { AccessStatus } from "./read-access.ts";
import type { JobPause } from "./read-pauses.ts";
import type { LastRun } from "./read-runs.ts";
import type { VerificationStatus } from "./read-verification.ts";

/** What the reports of jobs and the state bucket tell. */
interface Operation {
  readonly pauses?: readonly JobPause[] | undefined;
  readonly access?: Partial<Pick<AccessStatus, "credentialDaysLeft" | "faults">> | undefined;
  readonly runs?: readonly Pick<LastRun, "hasFailed">[] | undefined;
  readonly verification?: Pick<VerificationStatus, "findings"> | undefined;
}

const { alarms, metrics } = jobs["archive-calls"];

/**
 * Returns the chapters of docs/operations.md that say what to do, by the thresholds of the alarms. What an alarm reports once
 * stays here: lost recordings and unstable days. A paused job is not said to be missing.
 */
export function chaptersToDo(
  { totals, gauges, damaged, daysNotBegun }: ArchiveStatus,
  { pauses = [], access, runs = [], verification }: Operation = {},
): string[] {
  const values: Readonly<Record<string, number>> = {
    ...gauges,
    recordingsLost: totals.lost,
    daysUnstable: totals.unstable,
  };
  const isPaused = pauses.some(({ job, since }) => job === "archive-calls" && since !== null);
  const keyOf = (metric: string) => Object.entries(metrics).find(([, name]) => name === metric)?.[0] ?? "";
  return [
    ...alarms.filter(({ metric, min = 1 }) => (values[keyOf(metric)] ?? 0) >= min).map(({ name }) => name),
    ...((verification?.findings ?? 0) > 0 ? ["archive-altered"] : []),
    // A check that found a fault has failed; a revocation since then has not, and mends nothing.
    ...(runs.some(({ hasFailed }) => hasFailed) || (access?.faults ?? 0) > 0 ? ["run-failed"] : []),
    ...(daysNotBegun > 0 && !isPaused ? ["did-not-run"] : []),
    ...(pauses.some(({ days }) => days >= maxPausedDays) ? ["paused-too-long"] : []),
    ...(pauses.some(({ since }) => since === null) ? ["pausing"] : []),
    ...(damaged.length > 0 ? ["verifying"] : []),
    ...((access?.credentialDaysLeft ?? Number.POSITIVE_INFINITY) <= renewDays ? ["credential-expiring"] : []),
  ];
}
