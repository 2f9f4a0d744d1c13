import { compareText } from "../compare-text.ts";
import type { DayAggregate } from "../day-aggregate.ts";
import { emptyDay } from "../day-manifest.ts";
import { dayMs } from "../time/days.ts";
import { AnalyticsDayEvent, AnalyticsManifest, type DatasetEntry, withEvents } from "./analytics-manifest.ts";
import type { AnalyticsGroup } from "./analytics-names.ts";
import { type Dataset, intervals } from "./analytics-query.ts";

export type AnalyticsAggregate = DayAggregate<AnalyticsManifest, AnalyticsDayEvent>;

export interface AnalyticsRules {
  readonly groups: readonly AnalyticsGroup[];
  /** Number of newest days that are recollected every night because their values may still change. */
  readonly recollectDays: number;
}

/** Returns the datasets that every day must have. */
export function requiredDatasets({ groups }: AnalyticsRules): Dataset[] {
  return groups.flatMap((group) => intervals.map((interval) => ({ group, interval })));
}

/** Returns schemas and reducer of analytics days, by the groups and nights of the settings. */
export function analyticsAggregate(rules: AnalyticsRules): AnalyticsAggregate {
  return {
    name: "analytics",
    manifest: AnalyticsManifest,
    event: AnalyticsDayEvent,
    empty: (account, day, timeZone, span) => ({
      schema: "nightshift/analytics-manifest/1",
      ...emptyDay(account, day, timeZone, span),
      openReasons: ["incomplete"],
      datasets: [],
    }),
    reduce: (manifest, events) => withConclusions(withDatasets(manifest, events), rules),
    rules: JSON.stringify([[...rules.groups].sort(), rules.recollectDays]),
    isClosed: ({ stored, manifest }) =>
      manifest.status === "closed" && JSON.stringify(stored) === JSON.stringify(manifest),
    counts: () => undefined,
  };
}

/** Returns the datasets to collect: never collected, failed since, or with values that may still change. */
export function dueDatasets(manifest: AnalyticsManifest, rules: AnalyticsRules): Dataset[] {
  return requiredDatasets(rules).filter((dataset) => {
    const known = datasetOf(manifest, dataset);
    return !isSettled(known, manifest.to, rules) || known?.failure !== undefined;
  });
}

function withDatasets(manifest: AnalyticsManifest, events: readonly AnalyticsDayEvent[]): AnalyticsManifest {
  const all = [...manifest.datasets, ...events.map(({ group, interval }) => ({ group, interval }))];
  const byName = new Map(all.map((dataset) => [nameOf(dataset), dataset]));
  const datasets = [...byName.values()].map(({ group, interval }) => {
    const known = manifest.datasets.find((dataset) => dataset.group === group && dataset.interval === interval);
    return withEvents(known ?? { group, interval, keys: 0, values: 0, collections: [] }, events);
  });
  return { ...manifest, datasets: datasets.sort((a, b) => compareText(nameOf(a), nameOf(b))) };
}

function withConclusions(manifest: AnalyticsManifest, rules: AnalyticsRules): AnalyticsManifest {
  const required = requiredDatasets(rules).map((dataset) => datasetOf(manifest, dataset));
  const openReasons: AnalyticsManifest["openReasons"] = [
    ...(required.every((dataset) => dataset?.object && !dataset.failure) ? [] : (["incomplete"] as const)),
    ...(required.every((dataset) => !dataset || isSettled(dataset, manifest.to, rules))
      ? []
      : (["may-change"] as const)),
  ];
  return { ...manifest, openReasons, status: openReasons.length === 0 ? "closed" : "open" };
}

function datasetOf({ datasets }: AnalyticsManifest, { group, interval }: Dataset): DatasetEntry | undefined {
  return datasets.find((dataset) => dataset.group === group && dataset.interval === interval);
}

/** True if the newest collection is from after the last night of recollection. */
function isSettled(dataset: DatasetEntry | undefined, to: string, { recollectDays }: AnalyticsRules): boolean {
  const last = dataset?.collections.at(-1);
  return last !== undefined && Date.parse(last.at) >= Date.parse(to) + (recollectDays - 1) * dayMs;
}

function nameOf({ group, interval }: { readonly group: string; readonly interval: string }): string {
  return `${group} ${interval}`;
}
