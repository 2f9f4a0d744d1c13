import { compareText } from "../compare-text.ts";
import { type Day, dayMs } from "../time/days.ts";

/** Clocks differ, and RingCentral may delete late. */
const graceMs = dayMs;
/** Margin on the cap: our count comes from the call log, not from RingCentral's storage. */
const capMargin = 1.1;

/**
 * How long, and how many recordings RingCentral keeps.
 * https://developers.ringcentral.com/guide/voice/call-log/recordings
 */
export interface Retention {
  /** Days after which no recording of any kind is kept; undefined if unknown, then no recording is given up by age. */
  readonly days: number | undefined;
  /** Days after which RingCentral may delete the first kind of recording. */
  readonly daysToFetch: number;
  /** Cap on the account's automatic recordings; RingCentral deletes the oldest first. */
  readonly maxCount: number | undefined;
}

/**
 * RingCentral's default, used until its settings are fetched.
 * https://developers.ringcentral.com/guide/voice/call-log/recordings
 */
export const defaultRetention: Retention = { days: undefined, daysToFetch: 90, maxCount: undefined };

/**
 * Instant at which RingCentral's retention ended for all recordings of a day that ended at `to`; undefined before, and
 * for 24 h after.
 */
export function passedByAge(to: string, { days }: Pick<Retention, "days">, now: Date): string | undefined {
  if (days === undefined) return undefined;
  const passedAtMs = Date.parse(to) + days * dayMs;
  return now.getTime() >= passedAtMs + graceMs ? new Date(passedAtMs).toISOString() : undefined;
}

/**
 * Newest day whose automatic recordings the cap (`maxCount` × 1.1) has evicted, as of all earlier days. Undefined below
 * the cap.
 */
export function newestDayBeyondCap(
  automatic: ReadonlyMap<Day, number>,
  { maxCount }: Pick<Retention, "maxCount">,
): Day | undefined {
  if (maxCount === undefined) return undefined;
  let newerRecordings = 0;
  for (const [day, count] of [...automatic].sort(([a], [b]) => compareText(b, a))) {
    if (newerRecordings >= maxCount * capMargin) return day;
    newerRecordings += count;
  }
  return undefined;
}
