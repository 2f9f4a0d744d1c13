import type { AnalyticsRun } from "./analytics-world.ts";

/** The first days of the queries sent, in order. */
export function queriedDays({ requested }: Pick<AnalyticsRun, "requested">): ReadonlySet<string> {
  return new Set(requested.map((request) => /"timeFrom":"([\d-]+)/.exec(request)?.[1] ?? ""));
}

/** Sorted keys of the responses stored. */
export function writtenResponses({ written }: AnalyticsRun): string[] {
  return written.filter((key) => key.includes("/responses/")).sort();
}
