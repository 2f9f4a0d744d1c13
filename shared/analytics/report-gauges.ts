import { Metric } from "../contract.ts";
import { analyticsGauges } from "../core/analytics/gauges.ts";
import type { AnalyticsManifest } from "../core/analytics/manifest.ts";
import { eachLimited } from "../core/each-limited.ts";
import { JobError } from "../errors.ts";
import { readDayState } from "../storage/manifest-file.ts";
import type { OpenDays } from "./open-days.ts";
import type { AnalyticsServices } from "./services.ts";

const readConcurrency = 16;

/** Publishes how the analytics stand; a quiet run publishes zeros. */
export async function reportGauges(services: AnalyticsServices, { account, days }: OpenDays): Promise<null> {
  const manifests: AnalyticsManifest[] = [];
  await eachLimited(days, readConcurrency, async (day) => {
    try {
      manifests.push((await readDayState({ ...services, account }, day)).manifest);
    } catch (error) {
      // A damaged manifest fails the run elsewhere; the gauges are of all other days.
      if (!(error instanceof JobError) || error.code !== "STORAGE_UNEXPECTED") throw error;
    }
  });
  const gauges = analyticsGauges(manifests, services.now());
  services.metrics.set(Metric.oldestOpenNights, gauges.oldestOpenNights);
  services.metrics.set(Metric.failedInBulk, gauges.failedInBulk);
  services.log.info("gauges published", gauges);
  return null;
}
