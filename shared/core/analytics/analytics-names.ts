/** Values of `groupBy` in RingCentral's API reference (Business Analytics). Every account has `Company`. */
export const groups = [
  "Company",
  "Users",
  "Queues",
  "Sites",
  "Departments",
  "CompanyNumbers",
  "IVRs",
  "IVAs",
  "SharedLines",
  "UserGroups",
] as const;
export type AnalyticsGroup = (typeof groups)[number];

/** Groups that are collected unless the settings name others: all but the last three. */
export const defaultGroups: readonly AnalyticsGroup[] = groups.slice(0, 7);

/** Metrics that count calls, by their names in API requests. Responses name some of them differently. */
export const counters = [
  "allCalls",
  "callsByDirection",
  "callsByOrigin",
  "callsByResponse",
  "callsSegments",
  "callsByResult",
  "callsByCompanyHours",
  "callsByQueueSla",
  "callsByActions",
  "callsByType",
  "callsByEndingParty",
  "callsByQueueHours",
  "queueOpportunities",
] as const;

/** Metrics that measure seconds, by their names in API requests. */
export const timers = [
  "allCallsDuration",
  "callsDurationByDirection",
  "callsDurationByOrigin",
  "callsDurationByResponse",
  "callsSegmentsDuration",
  "callsDurationByResult",
  "callsDurationByCompanyHours",
  "callsDurationByQueueSla",
  "callsDurationByType",
  "callsDurationByEndingParty",
  "callsDurationByQueueHours",
] as const;

export const metrics = [...counters, ...timers] as const;
export type AnalyticsMetric = (typeof metrics)[number];

/** The only group of a metric that other groups lack: RingCentral rejects an API request for any other group. */
const onlyFor: Readonly<Partial<Record<AnalyticsMetric, AnalyticsGroup>>> = {
  queueOpportunities: "Users",
  callsByQueueSla: "Queues",
  callsByQueueHours: "Queues",
  callsDurationByQueueSla: "Queues",
  callsDurationByQueueHours: "Queues",
};

/** True if the group has at least one of the selected metrics. */
export function hasAnyMetric(group: AnalyticsGroup, selected: readonly AnalyticsMetric[]): boolean {
  const { counters, timers } = metricsForGroup(group, selected);
  return counters.length + timers.length > 0;
}

/** Returns the selected metrics that RingCentral has for the group. */
export function metricsForGroup(group: AnalyticsGroup, selected: readonly AnalyticsMetric[]) {
  const has = (metric: AnalyticsMetric) => selected.includes(metric) && (onlyFor[metric] ?? group) === group;
  return { counters: counters.filter(has), timers: timers.filter(has) };
}
