import { dayMs } from "../time/days.ts";
import { type FailureCounts, failedInBulk } from "../whose-fault.ts";
import type { CallManifest } from "./call-manifest.ts";
import type { Retention } from "./horizon.ts";
import { attemptKey } from "./recording-state.ts";

/** RingCentral's default for the Heavy rate group. https://developers.ringcentral.com/guide/basics/rate-limits */
const defaultHeavyPerMinute = 10;
/** Deletion is near within 7 days, or within a quarter of a retention under 28 days. */
const maxDaysNearDeletion = 7;
/** A longer gap between two listings means that the day was closed in between. */
const maxListingGapMs = 3 * dayMs;

/** Summary of an open day, from which the gauges are computed. */
export interface DayStanding extends FailureCounts {
  /** Start of the day; its recordings are not older. */
  readonly from: string;
  /** Recordings that are stored or have an attempt. */
  readonly attempted: number;
  readonly pending: number;
  /** When the oldest pending recording was first seen. */
  readonly pendingSince: string | undefined;
  /** Pending recordings by the result of their newest attempt. */
  readonly failedByResult: Readonly<Record<string, number>>;
  /** Nights that the day has been open because of its listing; 0 if only recordings are pending. */
  readonly openNights: number;
  readonly isShrunk: boolean;
}

export interface ArchiveGauges {
  /** Age of the oldest pending recording since it was first seen, in days. */
  readonly oldestPendingDays: number;
  /** Whole days until RingCentral may delete the oldest pending recording; its whole retention if none is pending. */
  readonly daysUntilDeletion: number;
  /** Pending recordings that RingCentral may delete within 7 days, or a quarter of a shorter retention. */
  readonly pendingNearDeletion: number;
  /** Nights of 24 h that the pending recordings take at the current rate limit. */
  readonly backlogNights: number;
  /** Pending recordings that RingCentral deletes before their turn comes at the current rate limit. */
  readonly backlogBeyondHorizon: number;
  readonly oldestOpenNights: number;
  /** Pending recordings that failed in bulk. */
  readonly failedInBulk: number;
  /** Days whose last listing shrank. */
  readonly listingsShrunk: number;
}

export interface GaugeOptions {
  readonly now: Date;
  readonly retention: Pick<Retention, "daysToFetch">;
  /** Heavy requests per minute that RingCentral allows; undefined until its first response. */
  readonly heavyPerMinute: number | undefined;
}

/** Summarises an open day for the gauges. */
export function dayStanding(manifest: CallManifest, now: Date): DayStanding {
  const pending = manifest.recordings.filter(({ state }) => state === "pending");
  return {
    from: manifest.from,
    attempted: manifest.recordings.filter(({ state, attempts = [] }) => state === "stored" || attempts.length > 0)
      .length,
    pending: pending.length,
    pendingSince: pending.map(({ firstSeenAt }) => firstSeenAt).sort()[0],
    failedByResult: countBy(pending.flatMap(({ attempts = [] }) => attempts.slice(-1).map(attemptKey))),
    openNights: manifest.openReasons.some((reason) => reason !== "recordings-pending") ? openNights(manifest, now) : 0,
    isShrunk: manifest.openReasons.includes("listing-shrank"),
  };
}

/** Nights since the first listing of the current series. A day never listed counts its revisions: one a night. */
function openNights({ listings, revision }: CallManifest, now: Date): number {
  const times = listings.map(({ at }) => Date.parse(at)).sort((a, b) => b - a);
  const [newest] = times;
  if (newest === undefined) return revision;
  const seriesStart = times.find((at, index) => at - (times[index + 1] ?? -Infinity) > maxListingGapMs);
  return Math.round((now.getTime() - (seriesStart ?? newest)) / dayMs);
}

/** Computes the gauges of all open days. Without open days every gauge has the value that ends its alarm. */
export function archiveGauges(days: readonly DayStanding[], options: GaugeOptions): ArchiveGauges {
  const { now, retention } = options;
  const pendingDays = days
    .filter(({ pending }) => pending > 0)
    .map((day) => ({ ...day, daysLeft: daysLeftOf(day, options) }));
  const nearDays = Math.min(maxDaysNearDeletion, retention.daysToFetch / 4);
  const ages = pendingDays.map(
    ({ pendingSince = now.toISOString() }) => (now.getTime() - Date.parse(pendingSince)) / dayMs,
  );
  return {
    oldestPendingDays: Math.floor(Math.max(0, ...ages)),
    daysUntilDeletion: Math.floor(
      Math.max(0, Math.min(retention.daysToFetch, ...pendingDays.map(({ daysLeft }) => daysLeft))),
    ),
    pendingNearDeletion: sum(pendingDays.filter(({ daysLeft }) => daysLeft <= nearDays).map(({ pending }) => pending)),
    ...backlogGauges(days, options),
    oldestOpenNights: Math.max(0, ...days.map((day) => day.openNights)),
    failedInBulk: failedOfDaysOrAll(days),
    listingsShrunk: days.filter(({ isShrunk }) => isShrunk).length,
  };
}

/** Computes the two gauges that are valid before a run fetches: how long the backlog takes, and what comes too late. */
export function backlogGauges(
  days: readonly DayStanding[],
  options: GaugeOptions,
): Pick<ArchiveGauges, "backlogNights" | "backlogBeyondHorizon"> {
  const perNight = (options.heavyPerMinute ?? defaultHeavyPerMinute) * 24 * 60;
  const byDaysLeft = days
    .map((day) => ({ pending: day.pending, daysLeft: daysLeftOf(day, options) }))
    // A higher rate limit would not save recordings that may be deleted already.
    .filter(({ daysLeft }) => daysLeft > 0)
    .sort((a, b) => a.daysLeft - b.daysLeft);
  let total = 0;
  let beyond = 0;
  for (const { pending, daysLeft } of byDaysLeft) {
    total += pending;
    beyond = Math.max(beyond, total - daysLeft * perNight);
  }
  const nights = sum(days.map(({ pending }) => pending)) / perNight;
  return { backlogNights: Math.round(nights * 100) / 100, backlogBeyondHorizon: Math.ceil(beyond) };
}

/** Days until RingCentral may delete the day's oldest recording; negative if it already may. */
function daysLeftOf({ from }: DayStanding, { now, retention }: GaugeOptions): number {
  return (Date.parse(from) - now.getTime()) / dayMs + retention.daysToFetch;
}

/** Counts recordings that failed in bulk within days, and over all days; returns the larger. */
function failedOfDaysOrAll(days: readonly DayStanding[]): number {
  const all = {
    attempted: sum(days.map(({ attempted }) => attempted)),
    failedByResult: addedUp(days.map(({ failedByResult }) => failedByResult)),
  };
  return Math.max(sum(days.map(failedInBulk)), failedInBulk(all));
}

function addedUp(counts: readonly DayStanding["failedByResult"][]): DayStanding["failedByResult"] {
  return countBy(counts.flatMap((each) => Object.entries(each).flatMap(([name, n]) => Array<string>(n).fill(name))));
}

function countBy(names: readonly string[]): DayStanding["failedByResult"] {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, same]) => [name, same.length]));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
