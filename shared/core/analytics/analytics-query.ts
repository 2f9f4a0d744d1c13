import { addDays, type Day, daysBetween, type Span, spanOf } from "../time/days.ts";
import { type AnalyticsGroup, type AnalyticsMetric, metricsForGroup } from "./analytics-names.ts";

/** What one collected object holds of its day: one number for each key and metric, or one for each hour. */
export const intervals = ["Day", "Hour"] as const;
export type Interval = (typeof intervals)[number];

/** What belongs together: it is asked for together, kept in one object, and compared as a whole. */
export interface Part {
  readonly group: AnalyticsGroup;
  readonly interval: Interval;
}

/** A part of the days from `from` to before `to`. */
export interface AnalyticsQuery extends Part {
  readonly from: Day;
  readonly to: Day;
  /** Keys on a page, where RingCentral's maximum would be more than can be read. @default RingCentral's maximum */
  readonly perPage?: number | undefined;
}

/** A request as it is sent, and kept beside its answer. */
export interface AnalyticsHttpRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: object;
}

/** RingCentral's maximum (API reference: Business Analytics). */
export const keysPerPage = { aggregation: 200, timeline: 20 };

/** The request for a page of responses, from 1: an aggregation for the numbers of one day, a timeline for any other. */
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
 * The asks instead of one whose answer is too much: the halves of its span, the newer first; of one day half as many keys on
 * a page. None where there is no less to ask for.
 */
export function lesserQueries(query: AnalyticsQuery, timeZone: string): AnalyticsQuery[] {
  const halves = halvesOf(query);
  const perPage = Math.floor((query.perPage ?? keysPerPage[kindOf(query, timeZone)]) / 2);
  if (halves.length > 0) return halves;
  return perPage > 0 ? [{ ...query, perPage }] : [];
}

/** The halves of a span, the newer first; none of one day. */
export function halvesOf(query: AnalyticsQuery): AnalyticsQuery[] {
  const days = daysBetween(query.from, query.to).length;
  if (days === 1) return [];
  const middle = addDays(query.from, Math.floor(days / 2));
  return [
    { ...query, from: middle },
    { ...query, to: middle },
  ];
}

export function querySpan({ from, to }: Pick<AnalyticsQuery, "from" | "to">, timeZone: string): Span {
  return { from: spanOf(from, timeZone).from, to: spanOf(to, timeZone).from };
}

function kindOf(query: AnalyticsQuery, timeZone: string): keyof typeof keysPerPage {
  return isOneDay(query, timeZone) && query.interval === "Day" ? "aggregation" : "timeline";
}

function isOneDay({ from, to }: AnalyticsQuery, timeZone: string): boolean {
  return spanOf(from, timeZone).to.getTime() === spanOf(to, timeZone).from.getTime();
}

/** Both bounds are inclusive at RingCentral: the last millisecond, for the next would be another day's. */
function timeRange({ from, to }: Span) {
  return { timeFrom: from.toISOString(), timeTo: new Date(to.getTime() - 1).toISOString() };
}
