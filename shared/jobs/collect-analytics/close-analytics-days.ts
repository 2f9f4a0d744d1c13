import { MetricName } from "../../contract.ts";
import { type AnalyticsManifest, countChanges } from "../../core/analytics/analytics-manifest.ts";
import type { Day } from "../../core/time/days.ts";
import type { Items } from "../../runtime/items.ts";
import { lostRace } from "../../storage/lost-race.ts";
import { readDayState, writeManifest } from "../../storage/manifest-file.ts";
import type { DaysToCollect } from "./find-days-to-collect.ts";
import type { AnalyticsServices } from "./services.ts";

const dayConcurrency = 8;
const maxWriteAttempts = 5;

/** The days concerned, whose manifests are brought up to what has happened. */
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
  for (let tried = 0; tried < maxWriteAttempts; tried++) {
    const state = await readDayState({ ...services, account }, day);
    const { stored, manifest } = state;
    if (manifest.datasets.length === 0) return;
    const isChanged = stored === undefined || JSON.stringify(stored.manifest) !== JSON.stringify(manifest);
    if (isChanged && !(await writeManifest(services, state, { run: services.run.name, at: services.now() }))) continue;
    return reportDay(services, manifest, stored?.manifest);
  }
  throw lostRace(`The manifest of ${day}`);
}

/** Counts how the day stands, and whether its numbers were others than before. */
function reportDay(
  services: AnalyticsServices,
  manifest: AnalyticsManifest,
  before: AnalyticsManifest | undefined,
): void {
  const changes = ({ datasets }: AnalyticsManifest) => datasets.reduce((sum, entry) => sum + countChanges(entry), 0);
  const isCollected = manifest.datasets.some(({ collections }) => collections.at(-1)?.run === services.run.name);
  const isChanged = before !== undefined && changes(manifest) > changes(before);
  if (isCollected) services.metrics.add(MetricName.analyticsDaysCollected);
  if (isChanged) services.metrics.add(MetricName.analyticsDaysChanged);
  if (manifest.openReasons.includes("incomplete")) services.metrics.add(MetricName.analyticsDaysIncomplete);
  const { day, status, openReasons, datasets } = manifest;
  services.log.info("day status", { day, status, openReasons, datasets: datasets.length, changed: isChanged });
}
