import { compareText } from "../compare-text.ts";
import type { FetchAttempt, RecordingEntry, RecordingState } from "./call-manifest.ts";

/** A recording that was answered the same "not found", "empty" or "refused" for so long will not be had any more. */
const givenUpAfterMs = 14 * 24 * 3_600_000;
/** Tries kept: those of more than 14 days at the ladder's pace. */
const triesKept = 12;
/** After so many tries beyond the horizon, whatever came back, there is nothing to be had any more. */
const triesBeyond = 3;

/** The tries with one more: one per run, for a run whose container died repeats its attempts. That others came may be told later. */
export function withTry(attempts: readonly FetchAttempt[], one: FetchAttempt): FetchAttempt[] {
  const known = attempts.find(({ run }) => run === one.run);
  const latest = known && compareText(orderOf(known), orderOf(one)) > 0 ? known : one;
  const othersSucceeded = known?.othersSucceeded || one.othersSucceeded;
  const ofRun = othersSucceeded ? { ...latest, othersSucceeded } : latest;
  return [...attempts.filter((each) => each !== known), ofRun]
    .sort((a, b) => compareText(orderOf(a), orderOf(b)))
    .slice(-triesKept);
}

/** Whatever two attempts have in common, one of them comes first. */
function orderOf({ at, run, result, code = "" }: FetchAttempt): string {
  return [at, run, result, code].join(" ");
}

/** Attempts with the same text failed alike. */
export function attemptKey({ result, code }: Pick<FetchAttempt, "result" | "code">): string {
  return code === undefined ? result : `${result} ${code}`;
}

/**
 * What the facts come to. Beyond RingCentral's horizon (`horizonPassedAt`: since when) nothing can be had: what was first named
 * there was gone before anybody could ask; what was known before, and is then not found, is lost.
 */
export function recordingState(
  { object, firstSeenAt, attempts = [] }: Omit<RecordingEntry, "state">,
  horizonPassedAt: string | undefined,
): RecordingState {
  if (object) return "stored";
  if (horizonPassedAt !== undefined && firstSeenAt >= horizonPassedAt) return "already-deleted";
  const given = givenUp(attempts);
  if (given) return given;
  if (horizonPassedAt === undefined) return "pending";
  const beyond = attempts.filter(({ at }) => at >= horizonPassedAt);
  const isGone = beyond.some(({ result }) => isFinal(result)) || beyond.length >= triesBeyond;
  return isGone ? "lost" : "pending";
}

/** When a pending recording is due again: at once, then 1, 2, 4, 8 … nights after each try (some hours early, nights vary). */
export function nextTryAt({ attempts = [] }: Pick<RecordingEntry, "attempts">): Date {
  const last = attempts.at(-1);
  if (!last) return new Date(0);
  const nights = Math.min(2 ** (attempts.length - 1), 8);
  return new Date(Date.parse(last.at) + nights * 24 * 3_600_000 - 6 * 3_600_000);
}

/**
 * Given up when the same final answer came for 14 days; any other answer in between begins them anew. It counts only where
 * other recordings came meanwhile: else it is RingCentral that has none to give, or gives us none.
 */
function givenUp(attempts: readonly FetchAttempt[]): "not-found" | "refused" | undefined {
  const last = attempts.at(-1);
  if (!last || !isFinal(last.result)) return undefined;
  const same = attempts.slice(attempts.findLastIndex(({ result }) => result !== last.result) + 1);
  const counting = same.filter(({ othersSucceeded }) => othersSucceeded);
  const first = counting[0] ?? last;
  const latest = counting.at(-1) ?? first;
  if (Date.parse(latest.at) - Date.parse(first.at) < givenUpAfterMs) return undefined;
  return last.result === "refused" ? "refused" : "not-found";
}

function isFinal(why: FetchAttempt["result"]): boolean {
  return why === "not-found" || why === "empty" || why === "refused";
}
