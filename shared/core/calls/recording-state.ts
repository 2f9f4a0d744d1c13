import { compareText } from "../compare-text.ts";
import type { FetchAttempt, RecordingEntry, RecordingState } from "./call-manifest.ts";

/** A recording that was answered the same "not found", "empty" or "refused" for so long will not be had any more. */
const givenUpAfterMs = 14 * 24 * 3_600_000;
/** Tries kept: those of more than 14 days at the ladder's pace. */
const triesKept = 12;
/** After so many tries beyond the horizon, whatever came back, there is nothing to be had any more. */
const triesBeyond = 3;

/** The tries with one more: one per run, for a run whose container died repeats its attempts. That others came may be told later. */
export function withTry(tries: readonly FetchAttempt[], one: FetchAttempt): FetchAttempt[] {
  const known = tries.find(({ run }) => run === one.run);
  const latest = known && compareText(orderOf(known), orderOf(one)) > 0 ? known : one;
  const othersCame = known?.othersCame || one.othersCame;
  const ofRun = othersCame ? { ...latest, othersCame } : latest;
  return [...tries.filter((each) => each !== known), ofRun]
    .sort((a, b) => compareText(orderOf(a), orderOf(b)))
    .slice(-triesKept);
}

/** Whatever two attempts have in common, one of them comes first. */
function orderOf({ at, run, why, code = "" }: FetchAttempt): string {
  return [at, run, why, code].join(" ");
}

/** Attempts with the same text failed alike. */
export function attemptKey({ why, code }: Pick<FetchAttempt, "why" | "code">): string {
  return code === undefined ? why : `${why} ${code}`;
}

/**
 * What the facts come to. Beyond RingCentral's horizon (`horizonPassed`: since when) nothing can be had: what was first named
 * there was gone before anybody could ask; what was known before, and is then not found, is lost.
 */
export function recordingState(
  { object, named, tries = [] }: Omit<RecordingEntry, "state">,
  horizonPassed: string | undefined,
): RecordingState {
  if (object) return "stored";
  if (horizonPassed !== undefined && named >= horizonPassed) return "gone-before";
  const given = givenUp(tries);
  if (given) return given;
  if (horizonPassed === undefined) return "pending";
  const beyond = tries.filter(({ at }) => at >= horizonPassed);
  const isGone = beyond.some(({ why }) => isFinal(why)) || beyond.length >= triesBeyond;
  return isGone ? "lost" : "pending";
}

/** When a pending recording is due again: at once, then 1, 2, 4, 8 … nights after each try (some hours early, nights vary). */
export function nextTryAt({ tries = [] }: Pick<RecordingEntry, "tries">): Date {
  const last = tries.at(-1);
  if (!last) return new Date(0);
  const nights = Math.min(2 ** (tries.length - 1), 8);
  return new Date(Date.parse(last.at) + nights * 24 * 3_600_000 - 6 * 3_600_000);
}

/**
 * Given up when the same final answer came for 14 days; any other answer in between begins them anew. It counts only where
 * other recordings came meanwhile: else it is RingCentral that has none to give, or gives us none.
 */
function givenUp(tries: readonly FetchAttempt[]): "absent" | "refused" | undefined {
  const last = tries.at(-1);
  if (!last || !isFinal(last.why)) return undefined;
  const same = tries.slice(tries.findLastIndex(({ why }) => why !== last.why) + 1);
  const counting = same.filter(({ othersCame }) => othersCame);
  const first = counting[0] ?? last;
  const latest = counting.at(-1) ?? first;
  if (Date.parse(latest.at) - Date.parse(first.at) < givenUpAfterMs) return undefined;
  return last.why === "refused" ? "refused" : "absent";
}

function isFinal(why: FetchAttempt["why"]): boolean {
  return why === "not-found" || why === "empty" || why === "refused";
}
