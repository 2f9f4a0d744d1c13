/** What calls can be grouped by, a group that every account has first (RingCentral API: Business Analytics, groupBy). */
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

/** What is collected unless the settings say otherwise. */
export const defaultGroups: readonly AnalyticsGroup[] = groups.slice(0, 7);

/** Numbers of calls, as requests name them. */
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

/** Seconds, as requests name them. */
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

/** Metrics that RingCentral gives for one group only; for any other it refuses the whole request. */
const onlyFor: Readonly<Partial<Record<AnalyticsMetric, AnalyticsGroup>>> = {
  queueOpportunities: "Users",
  callsByQueueSla: "Queues",
  callsByQueueHours: "Queues",
  callsDurationByQueueSla: "Queues",
  callsDurationByQueueHours: "Queues",
};

/** Whether a group has any of the metrics chosen. */
export function hasAnyMetric(group: AnalyticsGroup, selected: readonly AnalyticsMetric[]): boolean {
  const { counters, timers } = metricsForGroup(group, selected);
  return counters.length + timers.length > 0;
}

/** Which of the metrics chosen a group has. */
export function metricsForGroup(group: AnalyticsGroup, selected: readonly AnalyticsMetric[]) {
  const has = (metric: AnalyticsMetric) => selected.includes(metric) && (onlyFor[metric] ?? group) === group;
  return { counters: counters.filter(has), timers: timers.filter(has) };
}
