import { addDays, type Day } from "../time/days.ts";

/** A weekday is compared only if both earlier weeks had at least this many. */
const minUsualCalls = 20;
const minUsualRecordings = 10;
/** Covers a weekend and a holiday. */
const maxComparedDays = 5;

/** Counts of a day's listing. */
export interface DayCounts {
  readonly calls: number;
  readonly recordings: number;
}

/** Returns the days whose counts {@link quietDays} compares, for a run that lists up to `lastDay`. */
export function daysToCompare(lastDay: Day): Day[] {
  const days = Array.from({ length: maxComparedDays }, (_, index) => addDays(lastDay, -index));
  return days.flatMap((day) => [day, addDays(day, -7), addDays(day, -14)]);
}

/**
 * Counts consecutive days up to `lastDay` without calls or recordings, although both earlier weeks had them on that
 * weekday. Skips weekdays that usually have few, and days without counts.
 */
export function quietDays(counts: ReadonlyMap<Day, DayCounts>, lastDay: Day): number {
  let quiet = 0;
  for (let n = 0; n < maxComparedDays; n++) {
    const day = addDays(lastDay, -n);
    const current = counts.get(day);
    const earlier = [7, 14].map((days) => counts.get(addDays(day, -days)));
    const usual = (name: keyof DayCounts) => Math.min(...earlier.map((each) => each?.[name] ?? 0));
    if (!current || usual("calls") < minUsualCalls) continue;
    const isQuiet = current.calls === 0 || (current.recordings === 0 && usual("recordings") >= minUsualRecordings);
    if (!isQuiet) return quiet;
    quiet++;
  }
  return quiet;
}
