import { errorFromFacts, JobError } from "../errors.ts";
import type { Stop } from "./slice.ts";

/** Fruitless slices in a row before a run fails. */
const longestStreak = 8;

/** Fruitless slices in a row, after one more stop: a rate budget used up, or a slice that was merely long, says nothing of faults. */
export function streakAfter(why: Stop, progressed: boolean, streak: number): number {
  if (progressed) return 0;
  const saysNothing = why.is === "time-up" || (why.is === "pause" && why.reason === "budget");
  return saysNothing ? streak : streak + 1;
}

/**
 * Whole seconds to wait after a stop: what was asked for, and 5, 10, 20 … 300 when it happens again and again.
 * @throws JobError when waiting does not help, or has not helped eight times
 */
export function waitAfter(why: Stop, streak: number): number {
  const backoff = streak === 0 ? 0 : Math.min(5 * 2 ** (streak - 1), 300);
  switch (why.is) {
    case "time-up":
      return 0;
    case "failed":
      if (!why.error.retryable || streak > longestStreak) throw errorFromFacts(why.error);
      return backoff;
    case "pause":
      if (streak > longestStreak) throw unavailable(why.reason);
      return why.reason === "budget" ? why.waitSeconds : Math.max(why.waitSeconds, backoff);
  }
}

function unavailable(reason: string): JobError {
  return new JobError(
    "API_UNAVAILABLE",
    `RingCentral could not be worked with, ${longestStreak} times in a row (${reason})`,
    {
      todo: "Look at status.ringcentral.com and at the log lines above; the next run goes on where this one stopped.",
      details: { reason },
    },
  );
}
