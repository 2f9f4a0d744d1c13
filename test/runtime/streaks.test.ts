import { describe, expect, test } from "vitest";
import { createStreaks, type Streaks } from "../../shared/runtime/streaks.ts";

const fail = (streaks: Streaks, group: string, times: number, result = "not-found") => {
  for (let n = 0; n < times; n++) streaks.failed(group, result);
};

describe("an item of a group", () => {
  test.each([
    ["goes where nothing is known of it", 0, 0, "go"],
    ["goes while those that failed and those under way are fewer than twenty", 15, 4, "go"],
    ["waits while those under way may be the last of twenty", 15, 5, "hold"],
    ["waits where all twenty are under way", 0, 20, "hold"],
    ["is left once twenty have failed, whatever is under way", 20, 3, "leave"],
  ] as const)("%s", (_rule, failed, inFlight, move) => {
    const streaks = createStreaks([]);
    fail(streaks, "yesterday", failed);

    expect(streaks.next("yesterday", inFlight)).toBe(move);
  });

  test("always goes once another has succeeded, before or after", () => {
    const [before, after] = [createStreaks([]), createStreaks([])];
    before.succeeded("yesterday");
    fail(before, "yesterday", 30);
    fail(after, "yesterday", 19);
    after.succeeded("yesterday");
    fail(after, "yesterday", 30);

    expect([before.next("yesterday", 64), after.next("yesterday", 64)]).toEqual(["go", "go"]);
  });

  test("is counted from one if the failure is another", () => {
    const streaks = createStreaks([]);
    fail(streaks, "yesterday", 19, "not-found");
    fail(streaks, "yesterday", 19, "refused");

    expect(streaks.next("yesterday", 0)).toBe("go");
    fail(streaks, "yesterday", 1, "refused");
    expect(streaks.next("yesterday", 0)).toBe("leave");
  });

  test("is not left for failures of another group", () => {
    const streaks = createStreaks([]);
    fail(streaks, "yesterday", 20);

    expect(streaks.next("today", 0)).toBe("go");
  });
});

test("a streak continues in the next slice", () => {
  const streaks = createStreaks([]);
  fail(streaks, "yesterday", 19);

  const next = createStreaks(JSON.parse(JSON.stringify(streaks.read())));
  fail(next, "yesterday", 1);

  expect(next.next("yesterday", 0)).toBe("leave");
});

test("up to 64 groups are remembered, and beyond that the one that was used longest ago is forgotten", () => {
  const streaks = createStreaks([]);
  const groups = Array.from({ length: 64 }, (_, n) => `day ${n}`);
  for (const group of groups) fail(streaks, group, 20);
  fail(streaks, "day 0", 1);

  expect(groups.every((group) => streaks.next(group, 0) === "leave")).toBe(true);
  fail(streaks, "one more", 20);
  expect([streaks.next("day 0", 0), streaks.next("day 1", 0), streaks.read().length]).toEqual(["leave", "go", 64]);
});
