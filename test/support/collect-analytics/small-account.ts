import type { AnalyticsRules } from "../../../shared/core/analytics/analytics-aggregate.ts";
import type { AnalyticsMetric } from "../../../shared/core/analytics/analytics-names.ts";
import type { Day } from "../../../shared/core/time/days.ts";

/** Groups and metrics of the settings. */
export interface Settings extends AnalyticsRules {
  readonly archiveFrom: Day;
  readonly chosen: readonly AnalyticsMetric[];
}

/** An account with few analytics a day. */
export const smallAccount = {
  organisation: { users: 3, queues: 2, sites: 1, departments: 1, ivrs: 1 },
  calls: { perDay: 12 },
};

/** Metrics with and without parts, counted and timed, and one that only one group has. */
export const smallSettings: Settings = {
  groups: ["Company", "Users"],
  chosen: ["allCalls", "callsByDirection", "queueOpportunities", "allCallsDuration"],
  recollectDays: 3,
  archiveFrom: "2026-11-01",
};
