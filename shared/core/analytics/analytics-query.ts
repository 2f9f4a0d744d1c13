import { addDays, type Day, daysBetween, type Span, spanOf } from "../time/days.ts";
import { type AnalyticsGroup, type AnalyticsMetric, metricsForGroup } from "./analytics-names.ts";

/** `Day`: one value per key and metric. `Hour`: one per hour. */
export const intervals = ["Day", "Hour"] as const;
export type Interval = (typeof intervals)[number];

/** One analytics group by day or by hour; fetched, stored and compared as a whole. */
export interface Dataset {
  readonly group: AnalyticsGroup;
  readonly interval: Interval;
}

/** A dataset over the days `[from, to)`. */
export interface AnalyticsQuery extends Dataset {
  readonly from: Day;
  readonly to: Day;
  /** Keys per page, if RingCentral's maximum gives too large responses. @default RingCentral's maximum */
  readonly perPage?: number | undefined;
}

/** An API request, stored beside its response. */
export interface AnalyticsHttpRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: object;
}

/** RingCentral's maximum `perPage` (API reference: Business Analytics). */
export const keysPerPage = { aggregation: 200, timeline: 20 };

/** Builds the request for a page, from 1: an aggregation for one day by day, else a timeline. */
export function analyticsHttpRequest(
  query: AnalyticsQuery,
  page: number,
  { timeZone, metrics }: { readonly timeZone: string; readonly metrics: readonly AnalyticsMetric[] },
): AnalyticsHttpRequest {
  const kind = kindOf(query, timeZone);
  const option = kind === "aggregation" ? { aggregationType: "Sum" } : true;
  const { counters, timers } = metricsForGroup(query.group, metrics);
  const responseOptions = {
    ...(counters.length > 0 && { counters: Object.fromEntries(counters.map((name) => [name, option])) }),
    ...(timers.length > 0 && { timers: Object.fromEntries(timers.map((name) => [name, option])) }),
  };
  return {
    path: `/analytics/calls/v1/accounts/~/${kind}/fetch`,
    query: {
      ...(kind === "timeline" && { interval: query.interval }),
      page: String(page),
      perPage: String(query.perPage ?? keysPerPage[kind]),
    },
    body: {
      grouping: { groupBy: query.group },
      timeSettings: { timeZone, timeRange: timeRange(querySpan(query, timeZone)) },
      responseOptions,
    },
  };
}

/**
 * Returns the queries that replace one with a too large response: the halves of its span, the newer first. For one day
 * it is the same query with half as many keys per page; none if there is only one key.
 */
export function smallerQueries(query: AnalyticsQuery, timeZone: string): AnalyticsQuery[] {
  const halves = halvesOf(query);
  const perPage = Math.floor((query.perPage ?? keysPerPage[kindOf(query, timeZone)]) / 2);
  if (halves.length > 0) return halves;
  return perPage > 0 ? [{ ...query, perPage }] : [];
}

/** Returns the halves of the query's span, the newer first; none for one day. */
export function halvesOf(query: AnalyticsQuery): AnalyticsQuery[] {
  const days = daysBetween(query.from, query.to).length;
  if (days === 1) return [];
  const middle = addDays(query.from, Math.floor(days / 2));
  return [
    { ...query, from: middle },
    { ...query, to: middle },
  ];
}

/** Returns the span of a query's days, `[from, to)`, in the archive's time zone. */
function querySpan({ from, to }: Pick<AnalyticsQuery, "from" | "to">, timeZone: string): Span {
  return { from: spanOf(from, timeZone).from, to: spanOf(to, timeZone).from };
}

function kindOf(query: AnalyticsQuery, timeZone: string): keyof typeof keysPerPage {
  return isOneDay(query, timeZone) && query.interval === "Day" ? "aggregation" : "timeline";
}

function isOneDay({ from, to }: AnalyticsQuery, timeZone: string): boolean {
  return spanOf(from, timeZone).to.getTime() === spanOf(to, timeZone).from.getTime();
}

/** RingCentral's bounds are both inclusive: `timeTo` is the span's last millisecond. */
function timeRange({ from, to }: Span) {
  return { timeFrom: from.toISOString(), timeTo: new Date(to.getTime() - 1).toISOString() };
}
