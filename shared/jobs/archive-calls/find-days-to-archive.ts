import { type Bucket, toBody } from "../../aws/bucket.ts";
import type { CallManifest } from "../../core/calls/call-manifest.ts";
import { type MarkerStatus, parseMarkers } from "../../core/calls/closed-markers.ts";
import { needsListing, type SettleRules } from "../../core/calls/settling.ts";
import { aggregateKeys, archiveKeys, dayInKey } from "../../core/object-keys.ts";
import { addDays, type Day, dayOf, daysBetween, maxLookBackDays } from "../../core/time/days.ts";
import { appendEvents } from "../../storage/day-events.ts";
import { eachDay, type UnreadableDays, unreadableDays } from "../../storage/each-day.ts";
import { readDayState } from "../../storage/manifest-file.ts";
import type { AccountFacts } from "./identify-account.ts";
import type { ArchiveRequest } from "./request.ts";
import type { ArchiveServices } from "./services.ts";

/** The days of a run; stored as a step's result. */
export interface DaysToArchive extends AccountFacts {
  /** Days to list, in this order. */
  readonly toList: readonly Day[];
  /** Every open or requested day, oldest first. */
  readonly days: readonly Day[];
  /** Requested days that the run processes. */
  readonly requested: readonly Day[];
  /** True if a shrunk listing of the requested days is believed. */
  readonly acceptShrunk: boolean;
  /** Open days that are skipped, because their manifest cannot be read. */
  readonly unreadable: UnreadableDays;
  /** The newest closed day, which RingCentral has listed before. */
  readonly newestClosedDay?: Day | undefined;
  /** Status by last marker, for the days that were closed before. */
  readonly markers: Readonly<Record<Day, MarkerStatus>>;
}

/** Finds the requested days, and every day since `archiveFrom` that has ended and is not closed. */
export async function findDaysToArchive(
  services: ArchiveServices,
  facts: AccountFacts,
  request: ArchiveRequest,
): Promise<DaysToArchive> {
  const { account, retention } = facts;
  const today = dayOf(services.now(), services.timeZone);
  const { markers, begun, requested, all } = await chooseDays({ ...services, account, today }, request);
  const requestedDays = new Set(requested);
  const notDue = new Set<Day>();
  const newestClosedDay = [...markers.keys()]
    .filter((day) => markers.get(day) === "closed" && !requestedDays.has(day))
    .sort()
    .at(-1);
  const errors = await eachDay(
    all.filter((day) => begun.has(day)),
    async (day) => {
      const { manifest } = await readDayState({ ...services, account }, day);
      if (!isListingDue(manifest, { rules: services.rules, now: services.now() })) notDue.add(day);
      if (markers.get(day) === "closed") markers.set(day, await reopenDay(services, manifest));
    },
    // Control: the manifest of the newest closed day, or a missing one. Both can be read unless S3 denies everything.
    () => services.archive.get(aggregateKeys.calls.manifest(account, newestClosedDay ?? today)),
  );
  for (const [day, error] of errors) services.log.error("manifest reading failed", { day, ...error.toJSON() });
  const days = all.filter((day) => !errors.has(day));
  const due = days.filter((day) => requestedDays.has(day) || !notDue.has(day));
  const toList = [...due].sort(
    (a, b) => Number(requestedDays.has(b)) - Number(requestedDays.has(a)) || (a < b ? 1 : -1),
  );
  services.log.info("days selected", { days: days.length, toList: toList.length, closed: markers.size });
  const markerEntries = days.flatMap((day) => (markers.has(day) ? [[day, markers.get(day)]] : []));
  const { acceptShrunk } = request;
  return {
    account,
    retention,
    toList,
    days,
    requested,
    acceptShrunk,
    unreadable: unreadableDays(errors),
    newestClosedDay,
    markers: Object.fromEntries(markerEntries),
  };
}

export interface ChooseDaysOptions {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly account: string;
  readonly archiveFrom: Day;
  readonly today: Day;
}

/** Chooses the days of a run from what S3 contains; writes nothing. */
export async function chooseDays(options: ChooseDaysOptions, { days, relist }: ArchiveRequest) {
  const { archive, account, archiveFrom, today } = options;
  const markers = await readMarkers(archive, account);
  const isOpen = (day: Day) => markers.get(day) !== "closed";
  const begun = await begunDays(options);
  const requested = relist ? days : days.filter(isOpen);
  const scheduled = [...endedDaysSince(archiveFrom, today), ...begun].filter(isOpen);
  return {
    markers,
    /** Days with a manifest or events. */
    begun,
    /** Requested days that the run processes. */
    requested,
    /** Requested days that it skips, because they are closed. */
    closed: days.filter((day) => !requested.includes(day)),
    /** Every day that it processes, oldest first. */
    all: [...new Set([...requested, ...scheduled])].sort(),
  };
}

/** Returns every day that has ended since `archiveFrom`, as far back as RingCentral lists calls. */
function endedDaysSince(archiveFrom: Day, today: Day): Day[] {
  const earliest = addDays(today, -maxLookBackDays);
  return daysBetween(archiveFrom > earliest ? archiveFrom : earliest, today);
}

/** Reads the status of the days that were closed before. */
async function readMarkers(archive: Bucket, account: string): Promise<Map<Day, MarkerStatus>> {
  const keys: string[] = [];
  for await (const { key } of archive.list(archiveKeys.markersPrefix(account))) keys.push(key);
  return parseMarkers(keys);
}

/**
 * Reopens a closed day before it is listed again, so that the next run continues if this one ends early. Until then its
 * manifest shows a listing failure.
 */
async function reopenDay(
  services: ArchiveServices,
  { account, day, revision, totals }: CallManifest,
): Promise<MarkerStatus> {
  const [at, run] = [services.now().toISOString(), services.run.name];
  const failure = { run, at, code: "RELIST_REQUESTED" };
  await appendEvents(services, { account, day, name: "opened" }, [{ type: "listing-failed", failure }]);
  const marker = { day, status: "open", at, run, totals };
  const key = archiveKeys.statusMarker(account, day, revision + 1, "open");
  await services.archive.create(key, toBody(`${JSON.stringify(marker, null, 1)}\n`), "application/json");
  return "open";
}

/** True if the day should be listed: it has not settled, and the last listing is old enough. */
export function isListingDue(
  manifest: CallManifest,
  { rules, now }: { readonly rules: SettleRules; readonly now: Date },
): boolean {
  const last = manifest.listings.at(-1);
  if (!last || manifest.failure) return true;
  return needsListing(manifest, rules) && now.getTime() - Date.parse(last.at) >= rules.listingGapMs;
}

/** Returns the days with a manifest or events, whether or not they are still within `archiveFrom` and look-back. */
async function begunDays({ archive, state, account, today }: ChooseDaysOptions): Promise<Set<Day>> {
  const withManifest = await daysUnder(archive, aggregateKeys.calls.manifestsPrefix(account));
  const withEvents = await daysUnder(state, aggregateKeys.calls.eventsPrefix(account));
  // No run writes under a future day.
  return new Set([...withManifest, ...withEvents].filter((day) => day <= today));
}

/** Returns the days in the keys under `prefix`. */
async function daysUnder(bucket: Bucket, prefix: string): Promise<Set<Day>> {
  const days = new Set<Day>();
  for await (const { key } of bucket.list(prefix)) {
    const day = dayInKey(key);
    if (day) days.add(day);
  }
  return days;
}
