import type { OpenLab } from "../open-lab.ts";
import { type Section, sections } from "./metric-selection.ts";

type Names = Readonly<Partial<Record<Section, readonly string[]>>>;
type Options = Readonly<Partial<Record<Section, Readonly<Record<string, unknown>>>>>;
type Values = Readonly<Record<string, unknown>>;
type Metrics = Readonly<Record<string, { readonly valueType: string; readonly values: unknown }>>;

/** The fields of either endpoint's response that tests read. */
export interface AnalyticsResponse {
  readonly paging: { readonly page: number; readonly totalPages: number; readonly totalElements: number };
  readonly data: { readonly groupedBy: string; readonly records: readonly ResponseRecord[] };
}

interface ResponseRecord {
  readonly key: string;
  readonly info?: { readonly name: string; readonly extensionNumber?: string };
  readonly counters?: Metrics;
  readonly timers?: Metrics;
  readonly points?: readonly { readonly time: string; readonly counters?: Metrics; readonly timers?: Metrics }[];
}

export interface AnalyticsBodyOptions {
  readonly grouping?: unknown;
  readonly timeZone?: unknown;
  readonly from?: string;
  readonly to?: string;
  readonly advancedTimeSettings?: unknown;
  readonly callFilters?: unknown;
  readonly responseOptions?: unknown;
}

/** 3 November 2026 in Los Angeles, to its last millisecond. */
const november3 = { from: "2026-11-03T08:00:00.000Z", to: "2026-11-04T07:59:59.999Z" };

/** Returns a complete request body. By default it requests the company's number of calls on 3 November. */
export function analyticsBody(requested: AnalyticsBodyOptions = {}) {
  const { timeZone = "America/Los_Angeles", from = november3.from, to = november3.to, ...rest } = requested;
  const { grouping = { groupBy: "Company" }, responseOptions = sums({ counters: ["allCalls"] }) } = rest;
  const { callFilters, advancedTimeSettings } = rest;
  const timeSettings = { timeZone, timeRange: { timeFrom: from, timeTo: to }, advancedTimeSettings };
  return { grouping, timeSettings, callFilters, responseOptions };
}

/** The response options of an aggregation of sums. */
export const sums = (names: Names): Options => optionsOf(names, { aggregationType: "Sum" });

/** The response options of a timeline. */
export const switchedOn = (names: Names): Options => optionsOf(names, true);

function optionsOf(names: Names, option: unknown): Options {
  const requested = sections.filter((section) => names[section]);
  return Object.fromEntries(
    requested.map((section) => [section, Object.fromEntries((names[section] ?? []).map((name) => [name, option]))]),
  );
}

const path = "/analytics/calls/v1/accounts/~";

export const aggregationPath = `${path}/aggregation/fetch`;
export const timelinePath = `${path}/timeline/fetch`;

export async function aggregation(
  lab: OpenLab,
  requested?: AnalyticsBodyOptions,
  query = "",
): Promise<AnalyticsResponse> {
  return (await (await lab.post(`${aggregationPath}?${query}`, analyticsBody(requested))).json()) as AnalyticsResponse;
}

export async function timeline(
  lab: OpenLab,
  query: string,
  requested: AnalyticsBodyOptions = {},
): Promise<AnalyticsResponse> {
  const body = analyticsBody({ responseOptions: switchedOn({ counters: ["allCalls"] }), ...requested });
  return (await (await lab.post(`${timelinePath}?${query}`, body)).json()) as AnalyticsResponse;
}

/** One metric's values of every record, by key. */
export function valuesByKey(response: AnalyticsResponse, metric: string, section: Section = "counters"): Values {
  return Object.fromEntries(response.data.records.map((record) => [record.key, record[section]?.[metric]?.values]));
}

/** One metric's values of the only record. */
export function onlyValue(response: AnalyticsResponse, metric: string, section: Section = "counters"): unknown {
  return response.data.records[0]?.[section]?.[metric]?.values;
}
