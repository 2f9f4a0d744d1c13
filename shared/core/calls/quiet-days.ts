import { addDays, type Day } from "../time/days.ts";

/** A weekday counts as one with calls, or recordings, where both weeks before had so many. */
const minUsualCalls = 20;
const minUsualRecordings = 10;
/** Days that are looked at: over a weekend and a holiday. */
const maxDaysLookedAt = 5;

/** What a day's listing counted. */
export interface DayCounts {
  readonly calls: number;
  readonly recordings: number;
}

/** The days whose counts {@link quietDays} compares, for a run that lists up to `lastDay`. */
export function daysToCompare(lastDay: Day): Day[] {
  const days = Array.from({ length: maxDaysLookedAt }, (_, n) => addDays(lastDay, -n));
  return days.flatMap((day) => [day, addDays(day, -7), addDays(day, -14)]);
}

/**
 * Days in a row, up to `lastDay`, without any call, or any recording, though the same weekday had them in both weeks
 * before. A weekday that usually has few is passed over; so is one of which nothing is known.
 */
export function quietDays(counts: ReadonlyMap<Day, DayCounts>, lastDay: Day): number {
  let quiet = 0;
  for (let n = 0; n < maxDaysLookedAt; n++) {
    const day = addDays(lastDay, -n);
    const own = counts.get(day);
    const before = [7, 14].map((days) => counts.get(addDays(day, -days)));
    const usual = (of: keyof DayCounts) => Math.min(...before.map((each) => each?.[of] ?? 0));
    if (!own || usual("calls") < minUsualCalls) continue;
    const isQuiet = own.calls === 0 || (own.recordings === 0 && usual("recordings") >= minUsualRecordings);
    if (!isQuiet) return quiet;
    quiet++;
  }
  return quiet;
}
