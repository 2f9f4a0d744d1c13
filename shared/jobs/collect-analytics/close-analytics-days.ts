import { type AnalyticsManifest, countChanges } from "../../core/analytics/analytics-manifest.ts";
import type { Day } from "../../core/time/days.ts";
import type { Items } from "../../runtime/items.ts";
import type { DaysToCollect } from "./find-days-to-collect.ts";
import { AnalyticsJobMetric } from "./metrics.ts";
import type { AnalyticsServices } from "./services.ts";

const dayConcurrency = 8;

/** Updates the manifest of each day of the run with its events. */
export function closeAnalyticsDays(services: AnalyticsServices, { account, days }: DaysToCollect): Items<Day> {
  return {
    concurrency: dayConcurrency,
    from: (place) => days.slice(place),
    nameOf: (day) => day,
    work: async (day, succeeded) => {
      await closeDay(services, account, day);
      succeeded();
    },
    reportFailure: async (day, { error }) => services.log.error("day not closed", { day, ...error.toJSON() }),
  };
}

async function closeDay(services: AnalyticsServices, account: string, day: Day): Promise<void> {
  const committed = await services
    .dayStore(account)
    .commit(day, ({ manifest }) => (manifest.datasets.length === 0 ? undefined : manifest));
  if (committed) reportDay(services, committed.manifest, committed.previous);
}

/** Logs and counts the day's status, and whether its values have changed. */
function reportDay(
  { log, metrics, run }: Pick<AnalyticsServices, "log" | "metrics" | "run">,
  manifest: AnalyticsManifest,
  previous: AnalyticsManifest | undefined,
): void {
  const changes = ({ datasets }: AnalyticsManifest) => datasets.reduce((sum, entry) => sum + countChanges(entry), 0);
  const isCollected = manifest.datasets.some(({ collections }) => collections.at(-1)?.run === run.name);
  const isChanged = previous !== undefined && changes(manifest) > changes(previous);
  if (isCollected) metrics.add(AnalyticsJobMetric.analyticsDaysCollected);
  if (isChanged) metrics.add(AnalyticsJobMetric.analyticsDaysChanged);
  if (manifest.openReasons.includes("incomplete")) metrics.add(AnalyticsJobMetric.analyticsDaysIncomplete);
  const { day, status, openReasons, datasets } = manifest;
  log.info("day status", { day, status, openReasons, datasets: datasets.length, changed: isChanged });
}
