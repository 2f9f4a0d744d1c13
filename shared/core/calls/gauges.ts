import { failedInBulk, type TriedAndAlike } from "../whose-fault.ts";
import type { CallManifest } from "./call-manifest.ts";
import type { Retention } from "./horizon.ts";
import { attemptKey } from "./recording-state.ts";

const dayMs = 24 * 3_600_000;

/** RingCentral's default for the Heavy rate group (guide: rate limits). */
const defaultHeavyPerMinute = 10;
/** Deletion is near: a week, or a quarter of a shorter retention. */
const maxDaysNearDeletion = 7;
/** Listings of a day that is listed every night are no further apart; before a longer gap it was not open. */
const maxListingGapMs = 3 * dayMs;

/** What the gauges need to know of an open day. */
export interface DayStanding extends TriedAndAlike {
  /** When the day began: its oldest recording is no older. */
  readonly from: string;
  /** Recordings that are stored or were tried: of what was left for the next night nothing is known. */
  readonly tried: number;
  readonly pending: number;
  /** When the recording that has been pending longest was first seen. */
  readonly pendingSince: string | undefined;
  /** Pending recordings by the result of their newest attempt. */
  readonly alike: Readonly<Record<string, number>>;
  /** Nights that the day has been open for its listing; 0 where only recordings are pending. */
  readonly openNights: number;
  readonly isShrunk: boolean;
}

export interface ArchiveGauges {
  /** Days that the longest pending recording has been waited for. */
  readonly oldestPendingDays: number;
  /** Whole days until RingCentral may delete the oldest of what is pending; its whole retention where nothing is. */
  readonly daysUntilDeletion: number;
  /** Pending recordings that RingCentral may delete within a week. */
  readonly pendingNearDeletion: number;
  /** Nights of 24 hours that what is pending takes at the present rate limit. */
  readonly backlogNights: number;
  /** Pending recordings that the present rate limit is too low for: RingCentral deletes them before their turn comes. */
  readonly backlogBeyondHorizon: number;
  readonly oldestOpenNights: number;
  /** Pending recordings that failed in bulk. */
  readonly failedInBulk: number;
  /** Days whose last listing is not believed. */
  readonly listingsShrunk: number;
}

export interface GaugeOptions {
  readonly now: Date;
  readonly retention: Pick<Retention, "daysToFetch">;
  /** Heavy requests that RingCentral allows in a minute, as far as it has said. */
  readonly heavyPerMinute: number | undefined;
}

/** How an open day stands. */
export function dayStanding(manifest: CallManifest, now: Date): DayStanding {
  const pending = manifest.recordings.filter(({ state }) => state === "pending");
  return {
    from: manifest.from,
    tried: manifest.recordings.filter(({ state, attempts = [] }) => state === "stored" || attempts.length > 0).length,
    pending: pending.length,
    pendingSince: pending.map(({ firstSeenAt }) => firstSeenAt).sort()[0],
    alike: countBy(pending.flatMap(({ attempts = [] }) => attempts.slice(-1).map(attemptKey))),
    openNights: manifest.openReasons.some((reason) => reason !== "recordings-pending") ? openNights(manifest, now) : 0,
    isShrunk: manifest.openReasons.includes("listing-shrank"),
  };
}

/** Counted from the first of the listings that were made night after night; of a day that was never listed, by its revisions, one a night. */
function openNights({ listings, revision }: CallManifest, now: Date): number {
  const times = listings.map(({ at }) => Date.parse(at)).sort((a, b) => b - a);
  const [newest] = times;
  if (newest === undefined) return revision;
  const gap = times.findIndex((at, n) => at - (times[n + 1] ?? -Infinity) > maxListingGapMs);
  return Math.round((now.getTime() - (times[gap] ?? newest)) / dayMs);
}

export function archiveGauges(days: readonly DayStanding[], options: GaugeOptions): ArchiveGauges {
  const { now, retention } = options;
  const waiting = days.filter(({ pending }) => pending > 0).map((day) => ({ ...day, left: daysLeft(day, options) }));
  const near = Math.min(maxDaysNearDeletion, retention.daysToFetch / 4);
  const ages = waiting.map(
    ({ pendingSince = now.toISOString() }) => (now.getTime() - Date.parse(pendingSince)) / dayMs,
  );
  return {
    oldestPendingDays: Math.floor(Math.max(0, ...ages)),
    daysUntilDeletion: Math.floor(Math.max(0, Math.min(retention.daysToFetch, ...waiting.map(({ left }) => left)))),
    pendingNearDeletion: sum(waiting.filter(({ left }) => left <= near).map(({ pending }) => pending)),
    ...backlogGauges(days, options),
    oldestOpenNights: Math.max(0, ...days.map((day) => day.openNights)),
    failedInBulk: failedOfDaysOrAll(days),
    listingsShrunk: days.filter(({ isShrunk }) => isShrunk).length,
  };
}

/** What of the gauges is as true before a run fetches as after: how long it will take, and whether that is too long. */
export function backlogGauges(
  days: readonly DayStanding[],
  options: GaugeOptions,
): Pick<ArchiveGauges, "backlogNights" | "backlogBeyondHorizon"> {
  const perNight = (options.heavyPerMinute ?? defaultHeavyPerMinute) * 24 * 60;
  const inTurn = days
    .map(({ pending, ...day }) => ({ pending, left: daysLeft({ ...day, pending }, options) }))
    // What may be deleted already is not late for want of a higher limit.
    .filter(({ left }) => left > 0)
    .sort((a, b) => a.left - b.left);
  let before = 0;
  let beyond = 0;
  for (const { pending, left } of inTurn) {
    before += pending;
    beyond = Math.max(beyond, before - left * perNight);
  }
  const nights = sum(days.map(({ pending }) => pending)) / perNight;
  return { backlogNights: Math.round(nights * 100) / 100, backlogBeyondHorizon: Math.ceil(beyond) };
}

/** Days until RingCentral may delete the first recording of a day. */
function daysLeft({ from }: DayStanding, { now, retention }: GaugeOptions): number {
  return (Date.parse(from) - now.getTime()) / dayMs + retention.daysToFetch;
}

/** Pending recordings whose newest attempts failed alike: those of single days, or of all together, whichever are more. */
function failedOfDaysOrAll(days: readonly DayStanding[]): number {
  const all = { tried: sum(days.map(({ tried }) => tried)), alike: addedUp(days.map(({ alike }) => alike)) };
  return Math.max(sum(days.map(failedInBulk)), failedInBulk(all));
}

function addedUp(counts: readonly DayStanding["alike"][]): DayStanding["alike"] {
  return countBy(counts.flatMap((each) => Object.entries(each).flatMap(([name, n]) => Array<string>(n).fill(name))));
}

function countBy(names: readonly string[]): DayStanding["alike"] {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, same]) => [name, same.length]));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
