import { compareText } from "../compare-text.ts";
import type { DayAggregate } from "../day-aggregate.ts";
import { AnalyticsDayEvent, AnalyticsManifest, type DatasetEntry, withEvents } from "./analytics-manifest.ts";
import type { AnalyticsGroup } from "./analytics-names.ts";
import { intervals, type Part } from "./analytics-query.ts";

/** The aggregate of analytics. */
export type AnalyticsAggregate = DayAggregate<AnalyticsManifest, AnalyticsDayEvent>;

export interface AnalyticsRules {
  readonly groups: readonly AnalyticsGroup[];
  /** So many of the last days are collected again every night: their numbers may still change. */
  readonly recollectDays: number;
}

const dayMs = 24 * 3_600_000;

/** Every part that a day has to have. */
export function requiredDatasets({ groups }: AnalyticsRules): Part[] {
  return groups.flatMap((group) => intervals.map((interval) => ({ group, interval })));
}

export function analyticsAggregate(rules: AnalyticsRules): AnalyticsAggregate {
  return {
    name: "analytics",
    manifest: AnalyticsManifest,
    event: AnalyticsDayEvent,
    empty: (account, day, timeZone, { from, to }) => ({
      ...{ schema: "nightshift/analytics-manifest/1" as const, account, day, timeZone },
      ...{ from: from.toISOString(), to: to.toISOString(), revision: 0, writtenAt: new Date(0).toISOString(), run: "" },
      ...{ status: "open" as const, openReasons: ["incomplete" as const], datasets: [] },
    }),
    reduce: (manifest, events) => withConclusions(withParts(manifest, events), rules),
  };
}

/** Parts of the day that have to be collected: those never collected, whose numbers may still change, or that failed since. */
export function dueDatasets(manifest: AnalyticsManifest, rules: AnalyticsRules): Part[] {
  return requiredDatasets(rules).filter((part) => {
    const entry = entryOf(manifest, part);
    return !isSettled(entry, manifest.to, rules) || entry?.failure !== undefined;
  });
}

function withParts(manifest: AnalyticsManifest, events: readonly AnalyticsDayEvent[]): AnalyticsManifest {
  const named = [...manifest.datasets, ...events.map(({ group, interval }) => ({ group, interval }))];
  const parts = new Map(named.map((part) => [nameOf(part), part]));
  const groups = [...parts].map(([, { group, interval }]) => {
    const known = manifest.datasets.find((entry) => entry.group === group && entry.interval === interval);
    return withEvents(known ?? { group, interval, keys: 0, values: 0, collections: [] }, events);
  });
  return { ...manifest, datasets: groups.sort((a, b) => compareText(nameOf(a), nameOf(b))) };
}

function withConclusions(manifest: AnalyticsManifest, rules: AnalyticsRules): AnalyticsManifest {
  const wanted = requiredDatasets(rules).map((part) => entryOf(manifest, part));
  const openReasons: AnalyticsManifest["openReasons"] = [
    ...(wanted.every((entry) => entry?.object && !entry.failure) ? [] : (["incomplete"] as const)),
    ...(wanted.every((entry) => !entry || isSettled(entry, manifest.to, rules)) ? [] : (["may-change"] as const)),
  ];
  return { ...manifest, openReasons, status: openReasons.length === 0 ? "closed" : "open" };
}

function entryOf({ datasets }: AnalyticsManifest, { group, interval }: Part): DatasetEntry | undefined {
  return datasets.find((entry) => entry.group === group && entry.interval === interval);
}

/** Collected once more after the last night on which it was to be collected again. */
function isSettled(entry: DatasetEntry | undefined, to: string, { recollectDays }: AnalyticsRules): boolean {
  const last = entry?.collections.at(-1);
  return last !== undefined && Date.parse(last.at) >= Date.parse(to) + (recollectDays - 1) * dayMs;
}

function nameOf({ group, interval }: { readonly group: string; readonly interval: string }): string {
  return `${group} ${interval}`;
}
