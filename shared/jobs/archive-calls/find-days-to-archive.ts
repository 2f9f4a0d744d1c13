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

/** What a run works on; kept as a step's result. */
export interface DaysToArchive extends AccountFacts {
  /** The days whose call log is to be listed, in the order of listing. */
  readonly toList: readonly Day[];
  /** Every day that is not closed, or was asked for; oldest first. */
  readonly days: readonly Day[];
  /** The days that were asked for. */
  readonly requested: readonly Day[];
  /** Whether what a listing of those lacks may be lacking. */
  readonly acceptShrunk: boolean;
  /** Open days whose manifest cannot be read: nothing is done for them. */
  readonly unreadable: UnreadableDays;
  /** The newest closed day: one that was listed before. */
  readonly settledDay?: Day | undefined;
  /** Of the open days, those that have been closed before, and how their last marker leaves them. */
  readonly markers: Readonly<Record<Day, MarkerStatus>>;
}

/** Finds the days to work on: those asked for, and every day since `archiveFrom` that has ended and is not closed. */
export async function findDaysToArchive(
  s: ArchiveServices,
  facts: AccountFacts,
  request: ArchiveRequest,
): Promise<DaysToArchive> {
  const { account, retention } = facts;
  const today = dayOf(s.now(), s.timeZone);
  const { markers, begun, requested, all } = await chooseDays({ ...s, account, today }, request);
  const asked = new Set(requested);
  const notDue = new Set<Day>();
  const settledDay = [...markers.keys()]
    .filter((day) => markers.get(day) === "closed" && !asked.has(day))
    .sort()
    .at(-1);
  const errors = await eachDay(
    all.filter((day) => begun.has(day)),
    async (day) => {
      const { manifest } = await readDayState({ ...s, account }, day);
      if (!isListingDue(manifest, { rules: s.rules, now: s.now() })) notDue.add(day);
      if (markers.get(day) === "closed") markers.set(day, await reopenDay(s, manifest));
    },
    // Of the newest closed day, or where none lies yet: both can be read unless S3 refuses all.
    () => s.archive.get(aggregateKeys.calls.manifest(account, settledDay ?? today)),
  );
  for (const [day, error] of errors) s.log.error("manifest reading failed", { day, ...error.toJSON() });
  const days = all.filter((day) => !errors.has(day));
  const due = days.filter((day) => asked.has(day) || !notDue.has(day));
  const toList = [...due].sort((a, b) => Number(asked.has(b)) - Number(asked.has(a)) || (a < b ? 1 : -1));
  s.log.info("days selected", { days: days.length, toList: toList.length, closed: markers.size });
  const marked = days.flatMap((day) => (markers.has(day) ? [[day, markers.get(day)]] : []));
  const { acceptShrunk } = request;
  return {
    account,
    retention,
    toList,
    days,
    requested,
    acceptShrunk,
    unreadable: unreadableDays(errors),
    settledDay,
    markers: Object.fromEntries(marked),
  };
}

export interface ChooseDaysOptions {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly account: string;
  readonly archiveFrom: Day;
  readonly today: Day;
}

/** The days that a run works on, by what S3 knows; reads only. */
export async function chooseDays(options: ChooseDaysOptions, { days, relist }: ArchiveRequest) {
  const { archive, account, archiveFrom, today } = options;
  const markers = await readMarkers(archive, account);
  const isOpen = (day: Day) => markers.get(day) !== "closed";
  const begun = await begunDays(options);
  const requested = relist ? days : days.filter(isOpen);
  const usual = [...endedDaysSince(archiveFrom, today), ...begun].filter(isOpen);
  return {
    markers,
    /** Days of which something is known already. */
    begun,
    /** The requested days that are worked on. */
    requested,
    /** Requested days that are not, because they are closed. */
    closed: days.filter((day) => !requested.includes(day)),
    /** Every day that is worked on, oldest first. */
    all: [...new Set([...requested, ...usual])].sort(),
  };
}

/** Every day that has ended since `archiveFrom`, as far back as RingCentral lists. */
function endedDaysSince(archiveFrom: Day, today: Day): Day[] {
  const earliest = addDays(today, -maxLookBackDays);
  return daysBetween(archiveFrom > earliest ? archiveFrom : earliest, today);
}

/** How days stand that have been closed at some time. */
async function readMarkers(archive: Bucket, account: string): Promise<Map<Day, MarkerStatus>> {
  const keys: string[] = [];
  for await (const { key } of archive.list(archiveKeys.markersPrefix(account))) keys.push(key);
  return parseMarkers(keys);
}

/**
 * Opens a closed day that is to be listed again, before anything is done: should this run end early, the next goes on. Until
 * it has been listed, the day's manifest says that it was not.
 */
async function reopenDay(s: ArchiveServices, { account, day, revision, totals }: CallManifest): Promise<MarkerStatus> {
  const [at, run] = [s.now().toISOString(), s.run.name];
  const failure = { run, at, code: "RELIST_REQUESTED" };
  await appendEvents(s, { account, day, name: "opened" }, [{ type: "listing-failed", failure }]);
  const marker = { day, status: "open", at, run, totals };
  const key = archiveKeys.statusMarker(account, day, revision + 1, "open");
  await s.archive.create(key, toBody(`${JSON.stringify(marker, null, 1)}\n`), "application/json");
  return "open";
}

/** A day that has settled is listed again only on request, and one listed just now not so soon. */
export function isListingDue(
  manifest: CallManifest,
  { rules, now }: { readonly rules: SettleRules; readonly now: Date },
): boolean {
  const last = manifest.listings.at(-1);
  if (!last || manifest.failure) return true;
  return needsListing(manifest, rules) && now.getTime() - Date.parse(last.at) >= rules.listingGapMs;
}

/** The days of which something is known already, be it within the span to archive or not. */
async function begunDays({ archive, state, account, today }: ChooseDaysOptions): Promise<Set<Day>> {
  const written = await daysUnder(archive, aggregateKeys.calls.manifestsPrefix(account));
  const touched = await daysUnder(state, aggregateKeys.calls.eventsPrefix(account));
  // What lies under a day to come is not a run's.
  return new Set([...written, ...touched].filter((day) => day <= today));
}

/** The days that keys under `prefix` are about. */
async function daysUnder(bucket: Bucket, prefix: string): Promise<Set<Day>> {
  const days = new Set<Day>();
  for await (const { key } of bucket.list(prefix)) {
    const day = dayInKey(key);
    if (day) days.add(day);
  }
  return days;
}
