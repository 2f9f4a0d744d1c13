import { compareText } from "../compare-text.ts";
import type { Day } from "../time/days.ts";

const dayMs = 24 * 3_600_000;
/** A recording is not given up on the very hour: clocks differ, and RingCentral deletes when it gets to it. */
const graceMs = dayMs;
/** RingCentral's cap is counted by us from what the call log names; so much more is taken for possible. */
const capMargin = 1.1;

/** Until when and how many recordings RingCentral keeps (guide: call recordings), as far as it says so. */
export interface Retention {
  /** Days after which no recording of any kind is kept; undefined where that is not known, and nothing may be given up. */
  readonly days: number | undefined;
  /** Days after which the first kind may go: so much time there is to fetch them. */
  readonly daysToFetch: number;
  /** Automatic recordings of the whole account; the oldest go first. */
  readonly maxCount: number | undefined;
}

/** RingCentral's default (guide: call recordings), where it was not asked: nothing may be given up by it. */
export const defaultRetention: Retention = { days: undefined, daysToFetch: 90, maxCount: undefined };

/** When recordings of a day that ended at `to` have all passed out of RingCentral's retention; undefined while they have not. */
export function passedByAge(to: string, { days }: Pick<Retention, "days">, now: Date): string | undefined {
  if (days === undefined) return undefined;
  const passed = Date.parse(to) + days * dayMs;
  return now.getTime() >= passed + graceMs ? new Date(passed).toISOString() : undefined;
}

/** The newest day that the cap on their number leaves no automatic recordings of, and every day before it; undefined while it leaves all. */
export function newestDayBeyondCap(
  automatic: ReadonlyMap<Day, number>,
  { maxCount }: Pick<Retention, "maxCount">,
): Day | undefined {
  if (maxCount === undefined) return undefined;
  let newer = 0;
  for (const [day, count] of [...automatic].sort(([a], [b]) => compareText(b, a))) {
    if (newer >= maxCount * capMargin) return day;
    newer += count;
  }
  return undefined;
}
