import { MetricName } from "../../contract.ts";
import { type AnalyticsManifest, countChanges } from "../../core/analytics/analytics-manifest.ts";
import type { Day } from "../../core/time/days.ts";
import type { Items } from "../../runtime/items.ts";
import { lostRace } from "../../storage/lost-race.ts";
import { readDayState, writeManifest } from "../../storage/manifest-file.ts";
import type { DaysToCollect } from "./find-days-to-collect.ts";
import type { AnalyticsServices } from "./services.ts";

const dayConcurrency = 8;
const longestRace = 5;

/** The days concerned, whose manifests are brought up to what has happened. */
export function closeAnalyticsDays(s: AnalyticsServices, { account, days }: DaysToCollect): Items<Day> {
  return {
    concurrency: dayConcurrency,
    from: (place) => days.slice(place),
    nameOf: (day) => day,
    work: async (day, succeeded) => {
      await closeDay(s, account, day);
      succeeded();
    },
    reportFailure: async (day, { error }) => s.log.error("day not closed", { day, ...error.toJSON() }),
  };
}

async function closeDay(s: AnalyticsServices, account: string, day: Day): Promise<void> {
  for (let tried = 0; tried < longestRace; tried++) {
    const state = await readDayState({ ...s, account }, day);
    const { stored, manifest } = state;
    if (manifest.datasets.length === 0) return;
    const isChanged = stored === undefined || JSON.stringify(stored.manifest) !== JSON.stringify(manifest);
    if (isChanged && !(await writeManifest(s, state, { run: s.run.name, at: s.now() }))) continue;
    return reportDay(s, manifest, stored?.manifest);
  }
  throw lostRace(`The manifest of ${day}`);
}

/** Counts how the day stands, and whether its numbers were others than before. */
function reportDay(s: AnalyticsServices, manifest: AnalyticsManifest, before: AnalyticsManifest | undefined): void {
  const changes = ({ datasets }: AnalyticsManifest) => datasets.reduce((sum, entry) => sum + countChanges(entry), 0);
  const isCollected = manifest.datasets.some(({ collections }) => collections.at(-1)?.run === s.run.name);
  const isChanged = before !== undefined && changes(manifest) > changes(before);
  if (isCollected) s.metrics.add(MetricName.analyticsDaysCollected);
  if (isChanged) s.metrics.add(MetricName.analyticsDaysChanged);
  if (manifest.openReasons.includes("incomplete")) s.metrics.add(MetricName.analyticsDaysIncomplete);
  const { day, status, openReasons, datasets } = manifest;
  s.log.info("day status", { day, status, openReasons, datasets: datasets.length, changed: isChanged });
}
