import type { AnalyticsDayEvent } from "../../core/analytics/analytics-manifest.ts";
import type { AnalyticsQuery } from "../../core/analytics/analytics-query.ts";
import { daysBetween } from "../../core/time/days.ts";
import type { ItemFailure } from "../../runtime/items.ts";
import { undefinedIfOfOneObject } from "../../storage/each-day.ts";
import type { AnalyticsServices } from "./services.ts";

/** Logs the failure of a query, and appends it to its days, which stay open. */
export async function appendCollectionFailure(
  services: AnalyticsServices,
  account: string,
  { group, interval, from, to }: AnalyticsQuery,
  { error, othersSucceeded }: Pick<ItemFailure, "error" | "othersSucceeded">,
): Promise<void> {
  const at = services.now().toISOString();
  const failure = { run: services.run.name, at, code: error.code, ...(othersSucceeded && { othersSucceeded: true }) };
  services.log.error("dataset collection failed", { group, interval, from, to, ...error.toJSON() });
  for (const day of daysBetween(from, to)) {
    const name = `${group}-${interval}-failed`;
    const event: AnalyticsDayEvent = { type: "collection-failed", group, interval, failure };
    await services.dayStore(account).append(day, name, [event]).catch(undefinedIfOfOneObject);
  }
}
