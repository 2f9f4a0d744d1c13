import { addDays, type Day } from "../time/days.ts";
import { groups } from "./analytics-names.ts";
import { type AnalyticsQuery, type Interval, intervals, type Part } from "./analytics-query.ts";

/** What of a day is due, and which of that was never collected. */
export interface DayDatasets {
  readonly day: Day;
  readonly due: readonly Part[];
  readonly neverCollected: readonly Part[];
}

/**
 * Days that one request may span where nothing of them was collected yet: a timeline gives any number of intervals at once,
 * and these keep a response of twenty keys with every metric at some four megabytes.
 */
export const longestSpan: Readonly<Record<Interval, number>> = { Day: 60, Hour: 3 };

/**
 * What to ask for, the newest days first: days that may still change each by itself, so that what comes is comparable,
 * and those before `back`, of which nothing is known, in spans.
 */
export function planQueries(days: readonly DayDatasets[], recollectFrom: Day): AnalyticsQuery[] {
  const parts = groups.flatMap((group) => intervals.map((interval) => ({ group, interval })));
  return parts
    .flatMap((part) => asksOf(part, days, recollectFrom))
    .sort((a, b) => (a.to === b.to ? 0 : a.to < b.to ? 1 : -1));
}

function asksOf(part: Part, days: readonly DayDatasets[], recollectFrom: Day): AnalyticsQuery[] {
  const inTurn = days.filter(({ due }) => due.some(isSameDataset(part))).sort((a, b) => (a.day < b.day ? -1 : 1));
  const spans: { readonly from: Day; readonly to: Day; readonly mergeable: boolean }[] = [];
  for (const { day, neverCollected } of inTurn) {
    const mergeable = day < recollectFrom && neverCollected.some(isSameDataset(part));
    const last = spans.at(-1);
    const isLonger =
      mergeable && last?.mergeable && last.to === day && addDays(last.from, longestSpan[part.interval]) > day;
    if (isLonger) spans.pop();
    spans.push({ from: isLonger ? last.from : day, to: addDays(day, 1), mergeable });
  }
  return spans.map(({ from, to }) => ({ ...part, from, to }));
}

function isSameDataset({ group, interval }: Part) {
  return (other: Part) => other.group === group && other.interval === interval;
}
