import type { Group, Metric } from "../../shared/core/analytics/vocabulary.ts";

/** An account of which a day is soon told: a page of sums, and two of hours. */
export const smallAccount = {
  organisation: { users: 21, queues: 2, sites: 1, departments: 1, ivrs: 1 },
  calls: { perDay: 12 },
};
export const fewGroups: readonly Group[] = ["Company", "Users"];
/** One of each kind: plain and in parts, counted and timed, and the one that answers call otherwise. */
export const fewMetrics: readonly Metric[] = [
  "allCalls",
  "callsByDirection",
  "callsByActions",
  "queueOpportunities",
  "allCallsDuration",
  "callsDurationByDirection",
];
