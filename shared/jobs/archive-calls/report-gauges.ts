import type { CallManifest } from "../../core/calls/call-manifest.ts";
import {
  type ArchiveGauges,
  archiveGauges,
  backlogGauges,
  type DayStanding,
  dayStanding,
} from "../../core/calls/gauges.ts";
import { type DayCounts, daysToCompare, quietDays } from "../../core/calls/quiet-days.ts";
import { addDays, type Day, dayOf } from "../../core/time/days.ts";
import { hasCode } from "../../errors.ts";
import { findCachedAccount } from "../../storage/cached-account.ts";
import { eachDay, type UnreadableDays, unreadableDays } from "../../storage/each-day.ts";
import type { DaysToArchive } from "./find-days-to-archive.ts";
import { ArchiveMetric } from "./metrics.ts";
import type { ArchiveServices } from "./services.ts";

/**
 * Publishes the archive's gauges, for alarms that come early enough to act. Without problems it publishes zeros, so that
 * alarms end. Returns the open days that could not be read and are not included.
 */
export async function reportArchiveGauges(services: ArchiveServices, days: DaysToArchive): Promise<UnreadableDays> {
  const { standings, unreadable } = await readStandings(services, days);
  const gauges = archiveGauges(standings, await gaugeOptions(services, days));
  publish(services, gauges);
  const lastDay = addDays(dayOf(services.now(), services.timeZone), -1);
  const counts = await readCounts(services, days, daysToCompare(lastDay));
  services.metrics.set(ArchiveMetric.quietDays, quietDays(counts, lastDay));
  services.log.info("gauges published", { ...gauges, quietDays: quietDays(counts, lastDay) });
  return unreadable;
}

/**
 * Publishes the gauges of the backlog as soon as it is known: a first run may take days and is superseded every night.
 */
export async function reportBacklog(services: ArchiveServices, days: DaysToArchive): Promise<UnreadableDays> {
  const { standings, unreadable } = await readStandings(services, days);
  const gauges = backlogGauges(standings, await gaugeOptions(services, days));
  publish(services, gauges);
  services.log.info("backlog published", gauges);
  return unreadable;
}

async function gaugeOptions({ state, now }: ArchiveServices, { account, retention }: DaysToArchive) {
  return { now: now(), retention, heavyPerMinute: (await findCachedAccount(state, account))?.heavyPerMinute };
}

function publish({ metrics }: ArchiveServices, gauges: Partial<ArchiveGauges>): void {
  const names: Readonly<Record<keyof ArchiveGauges, string>> = ArchiveMetric;
  for (const [name, value] of Object.entries(gauges)) metrics.set(names[name as keyof ArchiveGauges], value);
}

async function readStandings(services: ArchiveServices, { account, days }: DaysToArchive) {
  const standings: DayStanding[] = [];
  const errors = await eachDay(days, async (day) => {
    const manifest = await readManifest(services, account, day);
    if (manifest?.status === "open") standings.push(dayStanding(manifest, services.now()));
  });
  return { standings, unreadable: unreadableDays(errors) };
}

async function readCounts(
  { dayStore }: Pick<ArchiveServices, "dayStore">,
  { account }: DaysToArchive,
  days: readonly Day[],
) {
  const known = await dayStore(account).counts();
  const counts = new Map<Day, DayCounts>();
  for (const day of days) {
    const { calls, recordings } = known.get(day) ?? {};
    if (calls !== undefined && recordings !== undefined) counts.set(day, { calls, recordings });
  }
  return counts;
}

/** Returns undefined for a day of another time zone, which fails the run in another step. */
async function readManifest(
  { dayStore }: Pick<ArchiveServices, "dayStore">,
  account: string,
  day: Day,
): Promise<CallManifest | undefined> {
  try {
    return (await dayStore(account).read(day)).manifest;
  } catch (error) {
    if (hasCode(error, "TIME_ZONE_CHANGED")) return undefined;
    throw error;
  }
}
