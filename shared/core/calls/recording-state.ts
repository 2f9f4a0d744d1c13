import { compareText } from "../compare-text.ts";
import { dayMs, hourMs } from "../time/days.ts";
import type { FetchAttempt, RecordingEntry, RecordingState } from "./call-manifest.ts";

/** A recording with the same final result for this long is given up. */
const givenUpAfterMs = 14 * dayMs;
/** Covers more than 14 days of attempts. */
const maxAttemptsKept = 12;
/** After this many attempts beyond the horizon, with any results, a recording is lost. */
const maxAttemptsBeyondHorizon = 3;

/**
 * Adds an attempt and keeps one per run: a run whose container was killed repeats attempts. A later event may add
 * `othersSucceeded`.
 */
export function withAttempt(attempts: readonly FetchAttempt[], attempt: FetchAttempt): FetchAttempt[] {
  const known = attempts.find(({ run }) => run === attempt.run);
  const latest = known && compareText(orderOf(known), orderOf(attempt)) > 0 ? known : attempt;
  const othersSucceeded = known?.othersSucceeded || attempt.othersSucceeded;
  const merged = othersSucceeded ? { ...latest, othersSucceeded } : latest;
  return [...attempts.filter((each) => each !== known), merged]
    .sort((a, b) => compareText(orderOf(a), orderOf(b)))
    .slice(-maxAttemptsKept);
}

/** Sort key: a total order, so that events in any order give the same manifest. */
function orderOf({ at, run, result, code = "" }: FetchAttempt): string {
  return [at, run, result, code].join(" ");
}

/** Attempts with the same key failed alike. */
export function attemptKey({ result, code }: Pick<FetchAttempt, "result" | "code">): string {
  return code === undefined ? result : `${result} ${code}`;
}

/**
 * Returns the recording's state. Beyond RingCentral's horizon, a recording first seen there is already deleted. One
 * seen before it and then not found is lost.
 */
export function recordingState(
  { object, firstSeenAt, attempts = [] }: Omit<RecordingEntry, "state">,
  horizonPassedAt: string | undefined,
): RecordingState {
  if (object) return "stored";
  if (horizonPassedAt !== undefined && firstSeenAt >= horizonPassedAt) return "already-deleted";
  const finalState = givenUpState(attempts);
  if (finalState) return finalState;
  if (horizonPassedAt === undefined) return "pending";
  const attemptsBeyond = attempts.filter(({ at }) => at >= horizonPassedAt);
  const isLost =
    attemptsBeyond.some((attempt) => finalStateOf(attempt) !== undefined) ||
    attemptsBeyond.length >= maxAttemptsBeyondHorizon;
  return isLost ? "lost" : "pending";
}

/**
 * Earliest next attempt: at once, then 1, 2, 4 and always 8 nights after the last, minus 6 h because start times vary.
 */
export function nextAttemptAt({ attempts = [] }: Pick<RecordingEntry, "attempts">): Date {
  const last = attempts.at(-1);
  if (!last) return new Date(0);
  const nights = Math.min(2 ** (attempts.length - 1), 8);
  return new Date(Date.parse(last.at) + nights * dayMs - 6 * hourMs);
}

/**
 * Returns the final state if only results of this state came for 14 days; any other result restarts them. Only attempts
 * count whose run stored other recordings: otherwise all of RingCentral may have been refusing.
 */
function givenUpState(attempts: readonly FetchAttempt[]): "not-found" | "refused" | undefined {
  const last = attempts.at(-1);
  const state = last && finalStateOf(last);
  if (!state) return undefined;
  const same = attempts.slice(attempts.findLastIndex((attempt) => finalStateOf(attempt) !== state) + 1);
  const counting = same.filter(({ othersSucceeded }) => othersSucceeded);
  const first = counting[0] ?? last;
  const latest = counting.at(-1) ?? first;
  return Date.parse(latest.at) - Date.parse(first.at) < givenUpAfterMs ? undefined : state;
}

/** Returns the state that a recording ends in if this result stays; undefined if the result says nothing of the recording. */
function finalStateOf({ result }: Pick<FetchAttempt, "result">): "not-found" | "refused" | undefined {
  if (result === "not-found" || result === "empty") return "not-found";
  return result === "refused" ? "refused" : undefined;
}
