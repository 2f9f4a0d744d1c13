import { describe, expect, test } from "vitest";
import { JobError } from "../../shared/errors.ts";
import { carriedOver, type FruitlessSlices, nextFruitless, waitSecondsAfter } from "../../shared/runtime/backoff.ts";
import type { Stop } from "../../shared/runtime/slice.ts";

const hourMs = 60 * 60_000;
const nowMs = 10 * hourMs;
const pause = (reason: "window" | "rate-limited" | "unavailable" | "token", waitSeconds = 0): Stop => ({
  ...{ type: "pause", reason, waitSeconds },
  until: nowMs + waitSeconds * 1000,
});
const failed = (retryable: boolean): Stop => ({
  type: "failed",
  error: new JobError("STORAGE_FAILED", "SlowDown", { retryable }).toJSON(),
});
/** Returns this number of fruitless slices, the first of them just now. */
const fruitless = (count: number): FruitlessSlices => ({ count, sinceMs: nowMs });

describe("a wait", () => {
  test("is 5, 10, 20 … 300 seconds while nothing is obtained", () => {
    const waits = [1, 2, 3, 6, 7, 8, 9].map((count) => waitSecondsAfter(pause("unavailable"), nowMs, fruitless(count)));

    expect(waits).toEqual([5, 10, 20, 160, 300, 300, 300]);
  });

  test.each([
    ["the rate window's end, however little came", pause("window", 42), 9, 42],
    ["RingCentral's Retry-After, if that is longer", pause("rate-limited", 600), 3, 600],
    ["the longer wait, if RingCentral's Retry-After is shorter", pause("rate-limited", 1), 3, 20],
    ["an unavailable server's Retry-After, if that is longer", pause("unavailable", 400), 8, 400],
    ["five minutes at most, if a token comes later", pause("token", 1_200), 1, 300],
    ["the longer wait, if a token comes soon", pause("token", 1), 4, 40],
    ["the longer wait after an error that may pass", failed(true), 4, 40],
    ["nothing, if only the slice's time was up", { type: "time-up" } as const, 4, 0],
  ])("is %s", (_rule, stop, count, seconds) => {
    expect(waitSecondsAfter(stop, nowMs, fruitless(count))).toBe(seconds);
  });

  test("for a token is as short as requested, while slices obtain something", () => {
    expect(waitSecondsAfter(pause("token", 1), nowMs, undefined)).toBe(1);
  });
});

describe("work that obtains nothing ends", () => {
  test.each([
    ["after eight fruitless slices and an hour", 8, hourMs, true],
    ["but not after seven", 7, 2 * hourMs, false],
    ["nor before the hour is over", 50, hourMs - 1, false],
  ])("%s", (_rule, count, sinceMs, ends) => {
    const wait = () => waitSecondsAfter(pause("unavailable"), nowMs, { count, sinceMs: nowMs - sinceMs });

    if (ends) expect(wait).toThrow(expect.objectContaining({ code: "API_UNAVAILABLE", retryable: false }));
    else expect(wait()).toBe(300);
  });

  test("at once on an error that does not pass", () => {
    expect(() => waitSecondsAfter(failed(false), nowMs, undefined)).toThrow("SlowDown");
  });

  test("with the last error, which is no longer retryable", () => {
    const wait = () => waitSecondsAfter(failed(true), nowMs, { count: 8, sinceMs: nowMs - hourMs });

    expect(wait).toThrow(expect.objectContaining({ code: "STORAGE_FAILED", retryable: false }));
  });

  test("and the next work requests two more items: it begins two slices before the end, in the same hour", () => {
    const after = carriedOver({ count: 40, sinceMs: 1 });

    expect(after).toEqual({ count: 6, sinceMs: 1 });
    expect(carriedOver({ count: 3, sinceMs: 1 })).toEqual({ count: 3, sinceMs: 1 });
  });
});

describe("a slice", () => {
  test.each([
    ["that obtained something ends the fruitless ones", { ...pause("unavailable"), obtained: true } as Stop, undefined],
    ["that obtained nothing is one more", { ...pause("window"), obtained: false } as Stop, { count: 4, sinceMs: 7 }],
    ["that sent no request says nothing", pause("window"), { count: 3, sinceMs: 7 }],
    ["that failed is one more", failed(true), { count: 4, sinceMs: 7 }],
    [
      "whose time was up, and that obtained something, ends them",
      { type: "time-up", obtained: true } as Stop,
      undefined,
    ],
  ])("%s", (_rule, stop, after) => {
    expect(nextFruitless(stop, nowMs, { count: 3, sinceMs: 7 })).toEqual(after);
  });

  test("that is the first to obtain nothing sets since when", () => {
    expect(nextFruitless(failed(true), nowMs, undefined)).toEqual({ count: 1, sinceMs: nowMs });
  });
});
