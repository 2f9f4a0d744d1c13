import type { AnalyticsRun } from "./analytics-world.ts";

/** The days with which requests began, in the order in which they were sent. */
export function queriedDays({ asked }: Pick<AnalyticsRun, "asked">): ReadonlySet<string> {
  return new Set(asked.map((request) => /"timeFrom":"([\d-]+)/.exec(request)?.[1] ?? ""));
}

/** Keys of the responses that were written. */
export function writtenResponses({ written }: AnalyticsRun): string[] {
  return written.filter((key) => key.includes("/responses/")).sort();
}
