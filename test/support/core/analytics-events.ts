import {
  type AnalyticsRules,
  analyticsAggregate,
  requiredDatasets,
} from "../../../shared/core/analytics/analytics-aggregate.ts";
import type { AnalyticsDayEvent, AnalyticsManifest } from "../../../shared/core/analytics/analytics-manifest.ts";
import type { Dataset } from "../../../shared/core/analytics/analytics-query.ts";
import { hourMs } from "../../../shared/core/time/days.ts";

/** Two groups; each night's collection is repeated on the two following nights. */
export const rules: AnalyticsRules = { groups: ["Company", "Users"], recollectDays: 3 };
const span = { from: new Date("2026-11-01T04:00:00Z"), to: new Date("2026-11-02T05:00:00Z") };
/** A day of 25 hours without events. */
export const empty = analyticsAggregate(rules).empty("7", "2026-11-01", "America/New_York", span);

/** Returns an instant, in hours after the day's end. */
export function hour(hours: number): string {
  return new Date(span.to.getTime() + hours * hourMs).toISOString();
}

export function collected({ group, interval }: Dataset, hours: number, as = "same"): AnalyticsDayEvent {
  const object = { key: `${group}-${interval}`, bytes: 100, sha256: `${as} numbers`, etag: `etag ${hours}` };
  const collection = { run: `run ${hours}`, at: hour(hours), fingerprint: as };
  return { type: "collected", group, interval, collection, object, keys: 2, values: 10 };
}

export function failed({ group, interval }: Dataset, hours: number): AnalyticsDayEvent {
  return {
    type: "collection-failed",
    group,
    interval,
    failure: { run: `run ${hours}`, at: hour(hours), code: "API_REFUSED" },
  };
}

/** Returns a collection of every required dataset at the same time. */
export function wholeDay(hours: number): AnalyticsDayEvent[] {
  return requiredDatasets(rules).map((part) => collected(part, hours));
}

/** Reduces the events of a day without other events. */
export function reduce(...events: readonly AnalyticsDayEvent[]): AnalyticsManifest {
  return analyticsAggregate(rules).reduce(empty, events);
}
