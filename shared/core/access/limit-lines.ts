import { counted } from "../counted.ts";
import { type AccessLine, faultLine, okLine, warningLine } from "./access-line.ts";

/** RingCentral's rate limit of one group, as of its last response. */
export interface RateUse {
  readonly group: string;
  readonly limit: number;
  readonly windowMs: number;
  /** Requests of the window that this check did not send. */
  readonly others: number;
}

/** Returns the line about a rate limit. `areOthersOurs`: jobs of this installation sent requests in the same window. */
export function rateLine(use: RateUse, areOthersOurs: boolean): AccessLine {
  const { group, limit, windowMs, others } = use;
  const check = `rate limit ${group}`;
  const seen = `${limit} requests per ${windowMs / 1000} s`;
  if (others === 0) return okLine(check, `${seen}, all of them for Nightshift`);
  if (areOthersOurs) return okLine(check, `${seen}, ${others} used by Nightshift's own jobs`);
  return warningLine(
    check,
    `${seen}, ${others} used by another program`,
    "Give Nightshift an app and a service user of its own: whatever else logs in with these takes its rate limit.",
  );
}

/** Share of the day's requests that new recordings may take, so that a backlog still shrinks. */
const maxInflowShare = 0.8;
const minutesPerDay = 1_440;

/** Returns the line that compares new recordings a day with what the rate limit allows: one request each. */
export function capacityLine(recordingsPerDay: number | undefined, heavyPerMinute: number): AccessLine {
  const check = "capacity";
  const perDay = heavyPerMinute * minutesPerDay;
  const most = `at most ${inThousands(perDay)} can be fetched a day`;
  if (recordingsPerDay === undefined) return okLine(check, `${most}; no day is archived yet`);
  const seen = `${counted(Math.round(recordingsPerDay), "new recording")} a day, ${most}`;
  const todo = "Ask RingCentral's developer support to raise the app's Heavy rate limit.";
  if (recordingsPerDay > perDay) return faultLine(check, seen, `${todo} Recordings are lost otherwise.`);
  if (recordingsPerDay > perDay * maxInflowShare) return warningLine(check, seen, todo);
  return okLine(check, seen);
}

export function inThousands(count: number): string {
  return count.toLocaleString("en-US");
}
