import { compareText } from "./compare-text.ts";
import type { Day } from "./days.ts";

const dayMs = 24 * 3_600_000;
/** A recording is not given up on the very hour: clocks differ, and RingCentral deletes when it gets to it. */
const graceMs = dayMs;
/** RingCentral's cap is counted by us from what the call log names; so much more is taken for possible. */
const capMargin = 1.1;

/** Until when and how many recordings RingCentral keeps (guide: call recordings). */
export interface Retention {
  readonly days: number;
  /** Automatic recordings of the whole account; the oldest go first. */
  readonly maxCount: number;
}

/** When recordings of a day that ended at `to` have all passed out of RingCentral's retention; undefined while they have not. */
export function passedByAge(to: string, { days }: Pick<Retention, "days">, now: Date): string | undefined {
  const passed = Date.parse(to) + days * dayMs;
  return now.getTime() >= passed + graceMs ? new Date(passed).toISOString() : undefined;
}

/** The newest day that the cap on their number leaves no recordings of, and every day before it; undefined while it leaves all. */
export function passedByCount(automatic: ReadonlyMap<Day, number>, { maxCount }: Retention): Day | undefined {
  let newer = 0;
  for (const [day, count] of [...automatic].sort(([a], [b]) => compareText(b, a))) {
    if (newer >= maxCount * capMargin) return day;
    newer += count;
  }
  return undefined;
}
