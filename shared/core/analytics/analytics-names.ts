/** Values of `groupBy` (API reference: Business Analytics); first the one that every account has. */
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

export const defaultGroups: readonly AnalyticsGroup[] = groups.slice(0, 7);

/** Metrics of call numbers, as named in requests. */
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

/** Metrics in seconds, as named in requests. */
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

/** Metrics that RingCentral has for one group only; it refuses a request with any other group. */
const onlyFor: Readonly<Partial<Record<AnalyticsMetric, AnalyticsGroup>>> = {
  queueOpportunities: "Users",
  callsByQueueSla: "Queues",
  callsByQueueHours: "Queues",
  callsDurationByQueueSla: "Queues",
  callsDurationByQueueHours: "Queues",
};

export function hasAnyMetric(group: AnalyticsGroup, selected: readonly AnalyticsMetric[]): boolean {
  const { counters, timers } = metricsForGroup(group, selected);
  return counters.length + timers.length > 0;
}

/** Returns the selected metrics that the group has. */
export function metricsForGroup(group: AnalyticsGroup, selected: readonly AnalyticsMetric[]) {
  const has = (metric: AnalyticsMetric) => selected.includes(metric) && (onlyFor[metric] ?? group) === group;
  return { counters: counters.filter(has), timers: timers.filter(has) };
}
