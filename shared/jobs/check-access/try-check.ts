import type { AccessLine } from "../../core/access/access-line.ts";
import { type CheckFailure, failureLine } from "../../core/access/failure-line.ts";
import { Pause } from "../../core/async/pause.ts";
import { serializeError } from "../../errors.ts";

/** Makes one check. Whatever it throws becomes its line, so that every other check is made, too. */
export async function tryCheck(check: string, work: () => Promise<AccessLine>): Promise<AccessLine> {
  try {
    return await work();
  } catch (thrown) {
    return failureLine(check, failureOf(thrown));
  }
}

/** Describes what a check threw. A pause is no error: the request could not be sent now. */
export function failureOf(thrown: unknown): CheckFailure {
  if (!(thrown instanceof Pause)) return serializeError(thrown);
  if (thrown.cause !== undefined) return serializeError(thrown.cause);
  return { wait: `${reasons[thrown.reason]} until ${thrown.until.toISOString().slice(11, 19)} UTC` };
}

const reasons = {
  window: "RingCentral's rate limit is used up",
  "rate-limited": "RingCentral answered 429, too many requests, and allows none",
  token: "no login is possible",
  unavailable: "RingCentral is unavailable",
} as const;
