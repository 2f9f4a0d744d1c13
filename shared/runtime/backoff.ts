import { deserializeError, JobError, type SerializedError } from "../errors.ts";
import type { Stop } from "./slice.ts";

/** Consecutive slices that obtained nothing, whatever ended them; since when: epoch ms at the end of the first. */
export interface FruitlessSlices {
  readonly count: number;
  readonly sinceMs: number;
}

/** Work ends as unavailable after 8 fruitless slices in a row and at least an hour. */
const minFruitlessSlices = 8;
const minFruitlessMs = 60 * 60_000;

const maxBackoffSeconds = 300;

/** Returns the count that later work starts with: two more fruitless slices end it, without another hour. */
export function carriedOver({ count, sinceMs }: FruitlessSlices): FruitlessSlices {
  return { count: Math.min(count, minFruitlessSlices - 2), sinceMs };
}

/**
 * Returns the count after one more stop. A slice that obtained something resets it; a slice without requests leaves it
 * unchanged.
 */
export function nextFruitless(
  stop: Stop,
  atMs: number,
  previous: FruitlessSlices | undefined,
): FruitlessSlices | undefined {
  const obtained = stop.type === "failed" ? false : stop.obtained;
  if (obtained === undefined) return previous;
  return obtained ? undefined : { count: (previous?.count ?? 0) + 1, sinceMs: previous?.sinceMs ?? atMs };
}

/**
 * Returns whole seconds to wait after a stop: the requested wait, and at least 5, 10, 20 … 300 while slices are
 * fruitless, unless the rate limit was the reason.
 * @throws JobError when waiting does not help, or 8 slices and an hour were fruitless
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
      // Reading the token record costs no API request, and another holder may finish sooner.
      return Math.max(Math.min(stop.waitSeconds, maxBackoffSeconds), fruitless ? backoff : 0);
  }
}

function ended(stop: Exclude<Stop, { type: "time-up" }>): JobError {
  if (stop.type === "failed" || stop.error)
    return deserializeError({ ...(stop.error as SerializedError), retryable: false });
  const { reason } = stop;
  return new JobError("API_UNAVAILABLE", `No usable response from RingCentral for an hour (${reason})`, {
    hint: "Look at status.ringcentral.com and the log lines above. The next run continues where this one stopped.",
    details: { reason },
  });
}
