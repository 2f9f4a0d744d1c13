import type { AnalyticsManifest } from "../../core/analytics/analytics-manifest.ts";
import { analyticsGauges } from "../../core/analytics/gauges.ts";
import { eachDay, type UnreadableDays, unreadableDays } from "../../storage/each-day.ts";
import type { DaysToCollect } from "./find-days-to-collect.ts";
import { AnalyticsJobMetric } from "./metrics.ts";
import type { AnalyticsServices } from "./services.ts";

/**
 * Publishes the gauges of the analytics, zeros if nothing is wrong. Returns the days that could not be read and are not
 * included.
 */
export async function reportAnalyticsGauges(
  services: AnalyticsServices,
  { account, days }: DaysToCollect,
): Promise<UnreadableDays> {
  const manifests: AnalyticsManifest[] = [];
  const errors = await eachDay(days, async (day) => {
    manifests.push((await services.dayStore(account).read(day)).manifest);
  });
  const gauges = analyticsGauges(manifests, services.now());
  services.metrics.set(AnalyticsJobMetric.oldestOpenNights, gauges.oldestOpenNights);
  services.metrics.set(AnalyticsJobMetric.failedInBulk, gauges.failedInBulk);
  services.log.info("gauges published", gauges);
  return unreadableDays(errors);
}
