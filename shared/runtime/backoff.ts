import { deserializeError, JobError, type SerializedError } from "../errors.ts";
import type { Stop } from "./slice.ts";

/** Consecutive slices that obtained nothing, whatever ended them; since when: epoch ms at the end of the first. */
export interface FruitlessSlices {
  readonly count: number;
  readonly sinceMs: number;
}

/** Work ends as unavailable after so many fruitless slices, and not before an hour. */
const minFruitlessSlices = 8;
const minFruitlessMs = 60 * 60_000;

const maxBackoffSeconds = 300;

/** What work that follows begins with: it asks for two more items, and not for another hour. */
export function carriedOver({ count, sinceMs }: FruitlessSlices): FruitlessSlices {
  return { count: Math.min(count, minFruitlessSlices - 2), sinceMs };
}

/** The fruitless slices after one more stop: one that obtained something ends them, one that asked for nothing says nothing. */
export function nextFruitless(
  stop: Stop,
  atMs: number,
  before: FruitlessSlices | undefined,
): FruitlessSlices | undefined {
  const obtained = stop.type === "failed" ? false : stop.obtained;
  if (obtained === undefined) return before;
  return obtained ? undefined : { count: (before?.count ?? 0) + 1, sinceMs: before?.sinceMs ?? atMs };
}

/**
 * Whole seconds to wait after a stop: what was asked for, and 5, 10, 20 … 300 while nothing is obtained.
 * @throws JobError if waiting does not help, or nothing was obtained for an hour and eight slices
 */
export function waitSecondsAfter(stop: Stop, atMs: number, fruitless: FruitlessSlices | undefined): number {
  if (stop.type === "time-up") return 0;
  if (stop.type === "failed" && !stop.error.retryable) throw deserializeError(stop.error);
  if (fruitless && fruitless.count >= minFruitlessSlices && atMs - fruitless.sinceMs >= minFruitlessMs)
    throw ended(stop);
  const backoff = Math.min(5 * 2 ** ((fruitless?.count ?? 1) - 1), maxBackoffSeconds);
  if (stop.type === "failed") return backoff;
  switch (stop.reason) {
    case "window":
      return stop.waitSeconds;
    case "rate-limited":
    case "unavailable":
      return Math.max(stop.waitSeconds, backoff);
    case "token":
      // Looking at the token record is free of charge at RingCentral: another holder may be done sooner.
      return Math.max(Math.min(stop.waitSeconds, maxBackoffSeconds), fruitless ? backoff : 0);
  }
}

function ended(stop: Exclude<Stop, { type: "time-up" }>): JobError {
  if (stop.type === "failed" || stop.error)
    return deserializeError({ ...(stop.error as SerializedError), retryable: false });
  const { reason } = stop;
  return new JobError("API_UNAVAILABLE", `RingCentral gave nothing for an hour (${reason})`, {
    hint: "Look at status.ringcentral.com and at the log lines above. The next run continues where this one stopped.",
    details: { reason },
  });
}
