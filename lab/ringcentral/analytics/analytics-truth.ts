import type { LabClock } from "../../clock.ts";
import type { Calendar } from "../calendar.ts";
import { inTheEnd, isDeleted, isListed } from "../call.ts";
import type { CallIndex } from "../call-index.ts";
import { scenarioOf } from "../call-scenario.ts";
import { resultOf } from "../call-words.ts";
import type { Account } from "../create-account.ts";
import type { Analytics } from "./analytics.ts";
import { type GroupBy, groupBys } from "./groupings.ts";
import { type MetricSelection, requestName, sections } from "./metric-selection.ts";
import { metrics } from "./metrics.ts";
import { aggregatedRecords, type Measured } from "./records.ts";

/** Final number of the call log's voice calls of one hour, one direction and one result. */
export interface HourTruth {
  /** Start of the hour, in UTC. */
  readonly hour: string;
  readonly direction: "Inbound" | "Outbound";
  /** As in records. */
  readonly result: string;
  readonly calls: number;
  readonly seconds: number;
}

export interface AnalyticsDayTruth {
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
  /** The final sums of all groups that had calls. All others are zero. */
  readonly groups: Readonly<Record<GroupBy, Readonly<Record<string, Measured>>>>;
  readonly hours: readonly HourTruth[];
}

/** Final numbers of each day, when nothing is late any more and nothing will change. */
export interface AnalyticsTruth {
  readonly accountId: string;
  readonly timeZone: string;
  readonly now: string;
  /** All existing groups, in the order of responses. */
  readonly keys: Readonly<Record<GroupBy, readonly string[]>>;
  readonly days: Readonly<Record<string, AnalyticsDayTruth>>;
}

export interface AnalyticsTruthOptions {
  readonly clock: LabClock;
  readonly account: Account;
  readonly calendar: Calendar;
  readonly calls: CallIndex;
  readonly analytics: Analytics;
}

/** Returns the truth of all days, or of one. */
export function createAnalyticsTruth(options: AnalyticsTruthOptions): (onlyDate?: string) => AnalyticsTruth {
  const { clock, account, calls, analytics } = options;
  return (onlyDate) => {
    const nowMs = clock.now();
    const dates = calls.dates(nowMs).filter((date) => onlyDate === undefined || date === onlyDate);
    return {
      accountId: account.id,
      timeZone: account.timeZone,
      now: new Date(nowMs).toISOString(),
      keys: byGrouping((groupBy) => analytics.organisation.groups[groupBy].map(({ key }) => key)),
      days: Object.fromEntries(dates.map((date) => [date, dayTruth(date, options)])),
    };
  };
}

function byGrouping<Value>(create: (groupBy: GroupBy) => Value): Readonly<Record<GroupBy, Value>> {
  return Object.fromEntries(groupBys.map((groupBy) => [groupBy, create(groupBy)])) as Record<GroupBy, Value>;
}

function dayTruth(date: string, options: AnalyticsTruthOptions): AnalyticsDayTruth {
  const { fromMs, toMs } = options.calendar.day(date);
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    groups: byGrouping((groupBy) => groupTruths(groupBy, { fromMs, toMs: toMs - 1 }, options)),
    hours: hoursOf(date, options),
  };
}

function groupTruths(
  groupedBy: GroupBy,
  timeRange: { readonly fromMs: number; readonly toMs: number },
  { account, analytics }: AnalyticsTruthOptions,
): Readonly<Record<string, Measured>> {
  const timeSettings = { timeZone: account.timeZone, timeRange };
  const request = { timeSettings, callFilters: {}, selections: sumsFor(groupedBy) };
  const groups = analytics.organisation.groups[groupedBy];
  const records = aggregatedRecords({ account, analytics, request, groups, groupedBy, when: "in the end" });
  const busy = records.filter(({ counters }) => counters?.allCalls?.values !== 0);
  return Object.fromEntries(busy.map(({ key, counters, timers }) => [key, { counters, timers }]));
}

/** Every metric that the grouping has. */
function sumsFor(groupBy: GroupBy): readonly MetricSelection[] {
  const allowed = metrics.filter(({ only }) => only === undefined || only === groupBy);
  return sections.flatMap((section) =>
    allowed
      .filter((metric) => requestName(metric, section) !== undefined)
      .map((metric): MetricSelection => ({ section, metric, type: "Sum", interval: undefined })),
  );
}

/** Counts the calls themselves, independently of analytics, so that each can prove the other wrong. */
function hoursOf(date: string, { account, calls }: AnalyticsTruthOptions): readonly HourTruth[] {
  const hours = new Map<string, { -readonly [Member in keyof HourTruth]: HourTruth[Member] }>();
  for (const call of calls.callsOn(date)) {
    if (call.fax || !isListed(call, inTheEnd) || isDeleted(call, inTheEnd.nowMs)) continue;
    const scenario = scenarioOf(call, account);
    const hour = `${new Date(call.startMs).toISOString().slice(0, 13)}:00:00.000Z`;
    const [direction, result] = [
      scenario.inbound ? ("Inbound" as const) : ("Outbound" as const),
      resultOf(call, scenario),
    ];
    const key = `${hour} ${direction} ${result}`;
    const truth = hours.get(key) ?? { hour, direction, result, calls: 0, seconds: 0 };
    truth.calls += 1;
    truth.seconds += Math.floor(call.durationMs / 1000);
    hours.set(key, truth);
  }
  return [...hours.values()];
}
