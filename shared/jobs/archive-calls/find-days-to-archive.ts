import type { CallDayEvent, CallManifest } from "../../core/calls/call-manifest.ts";
import { needsListing, type SettleRules } from "../../core/calls/settling.ts";
import { aggregateKeys } from "../../core/object-keys.ts";
import { addDays, type Day, dayOf, daysBetween, laterDay, maxLookBackDays } from "../../core/time/days.ts";
import type { JobError } from "../../errors.ts";
import { logIfStorageError } from "../../storage/day-index-file.ts";
import type { DayStore } from "../../storage/day-store.ts";
import { eachDay, type UnreadableDays, unreadableDays } from "../../storage/each-day.ts";
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
}

/**
 * Finds the requested days, and every day since `archiveFrom` that has ended and is not closed. Reopens closed days that
 * are listed again.
 */
export async function findDaysToArchive(
  services: ArchiveServices,
  facts: AccountFacts,
  request: ArchiveRequest,
): Promise<DaysToArchive> {
  const { account, retention } = facts;
  const { log, archive, archiveFrom, rules } = services;
  const now = services.now();
  const today = dayOf(now, services.timeZone);
  const store = services.dayStore(account);
  const notDue = new Set<Day>();
  const visit = async (day: Day, manifest: CallManifest, isClosed: boolean) => {
    if (!isListingDue(manifest, { rules, now })) notDue.add(day);
    if (isClosed) await reopenDay(services, store, day);
  };
  const chosen = await chooseDays(
    { store, archiveFrom, today, visit, control: (day) => archive.get(aggregateKeys.calls.manifest(account, day)) },
    request,
  );
  const { days, requested, closed, unreadable, newestClosedDay } = chosen;
  for (const [day, error] of unreadable) log.error("manifest reading failed", { day, ...error.toJSON() });
  const requestedDays = new Set(requested);
  const due = days.filter((day) => requestedDays.has(day) || !notDue.has(day));
  const toList = [...due].sort(
    (a, b) => Number(requestedDays.has(b)) - Number(requestedDays.has(a)) || (a < b ? 1 : -1),
  );
  // The run does without, and fails in the ledger step if the index still cannot be written.
  await store.saveIndex(days).catch(logIfStorageError(log));
  log.info("days selected", { days: days.length, toList: toList.length, closed: closed.size });
  const { acceptShrunk } = request;
  return {
    account,
    retention,
    toList,
    days,
    requested,
    acceptShrunk,
    unreadable: unreadableDays(unreadable),
    newestClosedDay,
  };
}

export interface ChooseDaysOptions {
  readonly store: DayStore<CallManifest, CallDayEvent>;
  readonly archiveFrom: Day;
  readonly today: Day;
  /** Called for each begun day that the run processes. `isClosed`: it is closed, and listed again on request. */
  readonly visit: (day: Day, manifest: CallManifest, isClosed: boolean) => Promise<void>;
  /** Reads a manifest that S3 shows, or that does not exist, unless S3 denies everything. */
  readonly control?: (day: Day) => Promise<unknown>;
}

export interface ChosenDays {
  /** Every day that the run processes, oldest first. */
  readonly days: readonly Day[];
  /** Requested days that it processes. */
  readonly requested: readonly Day[];
  /** Requested days that it skips, because they are closed. */
  readonly skipped: readonly Day[];
  /** Days with a manifest, or that a run has begun. */
  readonly begun: ReadonlySet<Day>;
  /** Closed days that it does not process. */
  readonly closed: ReadonlySet<Day>;
  readonly newestClosedDay: Day | undefined;
  readonly unreadable: ReadonlyMap<Day, JobError>;
}

/** Chooses the days of a run, and reads the begun ones among them. */
export async function chooseDays(options: ChooseDaysOptions, { days, relist }: ArchiveRequest): Promise<ChosenDays> {
  const { store, archiveFrom, today, visit, control } = options;
  const known = await store.list();
  const closed = new Set(known.closed);
  if (relist) for (const day of days) closed.delete(day);
  // No run writes under a future day.
  const begun = new Set([...known.begun].filter((day) => day <= today));
  const requestedDays = new Set(days);
  const isOpen = (day: Day) => !closed.has(day);
  const all = [...new Set([...days, ...endedDaysSince(archiveFrom, today), ...begun])].filter(isOpen).sort();
  const newestClosedDay = () =>
    [...closed]
      .filter((day) => !requestedDays.has(day))
      .sort()
      .at(-1);
  const unreadable = await eachDay(
    all.filter((day) => begun.has(day)),
    async (day) => {
      const { manifest, isClosed } = await store.read(day);
      if (isClosed && !(relist && requestedDays.has(day))) closed.add(day);
      else await visit(day, manifest, isClosed);
    },
    control && (() => control(newestClosedDay() ?? today)),
  );
  return {
    days: all.filter((day) => isOpen(day) && !unreadable.has(day)),
    requested: days.filter(isOpen),
    skipped: days.filter((day) => closed.has(day)),
    begun,
    closed,
    newestClosedDay: newestClosedDay(),
    unreadable,
  };
}

/** Returns every day that has ended since `archiveFrom`, as far back as RingCentral lists calls. */
function endedDaysSince(archiveFrom: Day, today: Day): Day[] {
  const earliest = addDays(today, -maxLookBackDays);
  return daysBetween(laterDay(archiveFrom, earliest), today);
}

/**
 * Reopens a closed day before it is listed again, so that the next run continues if this one ends early. Until then its
 * manifest shows a listing failure.
 */
async function reopenDay(
  { run, now, aggregate }: ArchiveServices,
  store: DayStore<CallManifest, CallDayEvent>,
  day: Day,
): Promise<void> {
  const failure = { run: run.name, at: now().toISOString(), code: "RELIST_REQUESTED" };
  await store.commit(day, ({ manifest }) => aggregate.reduce(manifest, [{ type: "listing-failed", failure }]));
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
