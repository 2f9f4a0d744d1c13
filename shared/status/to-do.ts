import type { ArchiveStatus } from "../core/calls/archive-status.ts";
import { jobs } from "../jobs.ts";

const { alarms, metrics } = jobs["archive-calls"];

/**
 * Returns the chapters of docs/operations.md that say what to do, by the thresholds of the alarms. What an alarm reports once
 * stays here: lost recordings and unstable days.
 */
export function chaptersToDo({ totals, gauges, damaged, daysNotBegun }: ArchiveStatus): string[] {
  const values: Readonly<Record<string, number>> = {
    ...gauges,
    recordingsLost: totals.lost,
    daysUnstable: totals.unstable,
  };
  const keyOf = (metric: string) => Object.entries(metrics).find(([, name]) => name === metric)?.[0] ?? "";
  return [
    ...alarms.filter(({ metric, min = 1 }) => (values[keyOf(metric)] ?? 0) >= min).map(({ name }) => name),
    ...(daysNotBegun > 0 ? ["did-not-run"] : []),
    ...(damaged.length > 0 ? ["verifying"] : []),
  ];
}
