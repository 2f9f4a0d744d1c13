import { addDays, type Day } from "../time/days.ts";
import { groups } from "./analytics-names.ts";
import { type AnalyticsQuery, type Dataset, type Interval, intervals } from "./analytics-query.ts";

/** Datasets of a day that are due, and which of them were never collected. */
export interface DayDatasets {
  readonly day: Day;
  readonly due: readonly Dataset[];
  readonly neverCollected: readonly Dataset[];
}

/**
 * Maximum span of one query, in days, by interval. A timeline may have any number of intervals; these keep a response
 * of 20 keys with all metrics at about 4 MB.
 */
export const maxSpanDays: Readonly<Record<Interval, number>> = { Day: 60, Hour: 3 };

/**
 * Plans queries, the newest days first. Days that may still change get one query each, so that their collections are
 * comparable. Days before `recollectFrom` that were never collected are merged into spans.
 */
export function planQueries(days: readonly DayDatasets[], recollectFrom: Day): AnalyticsQuery[] {
  const datasets = groups.flatMap((group) => intervals.map((interval) => ({ group, interval })));
  return datasets
    .flatMap((dataset) => planDataset(dataset, days, recollectFrom))
    .sort((a, b) => (a.to === b.to ? 0 : a.to < b.to ? 1 : -1));
}

function planDataset(dataset: Dataset, days: readonly DayDatasets[], recollectFrom: Day): AnalyticsQuery[] {
  const dueDays = days.filter(({ due }) => due.some(isSameDataset(dataset))).sort((a, b) => (a.day < b.day ? -1 : 1));
  const spans: { readonly from: Day; readonly to: Day; readonly mergeable: boolean }[] = [];
  for (const { day, neverCollected } of dueDays) {
    const mergeable = day < recollectFrom && neverCollected.some(isSameDataset(dataset));
    const last = spans.at(-1);
    const isMerged =
      mergeable && last?.mergeable && last.to === day && addDays(last.from, maxSpanDays[dataset.interval]) > day;
    if (isMerged) spans.pop();
    spans.push({ from: isMerged ? last.from : day, to: addDays(day, 1), mergeable });
  }
  return spans.map(({ from, to }) => ({ ...dataset, from, to }));
}

function isSameDataset({ group, interval }: Dataset) {
  return (other: Dataset) => other.group === group && other.interval === interval;
}
