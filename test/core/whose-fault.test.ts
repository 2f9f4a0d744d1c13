import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  emptyTally,
  failedInBulk,
  hasNothing,
  isControlDue,
  isCounted,
  isFew,
  isOwnFault,
  isOwnFaultByControl,
  mayConcernAll,
  type Suspicion,
  suspicionAfter,
} from "../../shared/core/whose-fault.ts";

const denied: Suspicion = { evidence: "denied", source: "api", since: 5, slices: 1 };
const unavailable = (slices: number): Suspicion => ({ evidence: "unavailable", source: "api", since: 5, slices });

describe("a failure is the item's own", () => {
  test.each([
    ["denied, when another succeeded in the same slice", denied, { api: 5, storage: 0 }, true],
    ["denied, when another succeeded in a later slice", denied, { api: 6, storage: 0 }, true],
    ["denied, but not when others succeeded only before", denied, { api: 4, storage: 9 }, false],
    ["denied by S3, when another was stored", { ...denied, source: "storage" }, { api: 0, storage: 5 }, true],
    [
      "denied by S3, but not because RingCentral gave something",
      { ...denied, source: "storage" },
      { api: 9, storage: 4 },
      false,
    ],
    [
      "unavailable in three slices, when another succeeded after the first",
      unavailable(3),
      { api: 6, storage: 0 },
      true,
    ],
    [
      "unavailable in three slices, but not when others succeeded only in the first: an outage may have begun then",
      unavailable(3),
      { api: 5, storage: 9 },
      false,
    ],
    [
      "unavailable in S3 in three slices, when another was stored in the first: a note shows whether S3 is there",
      { ...unavailable(3), source: "storage" },
      { api: 0, storage: 5 },
      true,
    ],
    ["unavailable in two slices, but not yet", unavailable(2), { api: 9, storage: 9 }, false],
    [
      "too large for us in three slices, whatever succeeds",
      { ...unavailable(3), source: "here" },
      { api: 0, storage: 0 },
      true,
    ],
    [
      "too large for us in two slices, but not yet",
      { ...unavailable(2), source: "here" },
      { api: 9, storage: 9 },
      false,
    ],
    ["unavailable in nine slices, but not while nothing succeeds", unavailable(9), { api: 4, storage: 9 }, false],
  ] as const)("%s", (_rule, suspicion, signs, isOwn) => {
    expect(isOwnFault(suspicion, signs)).toBe(isOwn);
  });

  test("for any history, only if there was a success since it first failed", () => {
    const suspicion = fc.record({
      evidence: fc.constantFrom("denied" as const, "unavailable" as const),
      source: fc.constantFrom("api" as const, "storage" as const),
      since: fc.integer({ min: 1, max: 20 }),
      slices: fc.integer({ min: 1, max: 20 }),
    });
    const signs = fc.record({ api: fc.nat(20), storage: fc.nat(20) });

    fc.assert(
      fc.property(suspicion, signs, (each, seen) => {
        if (isOwnFault(each, seen)) expect(seen[each.source]).toBeGreaterThanOrEqual(each.since);
      }),
    );
  });
});

describe("the suspicion of an item", () => {
  test("counts the slices in which it failed, and keeps the first", () => {
    const once = suspicionAfter(undefined, { evidence: "unavailable", source: "api" }, 3);
    const twice = suspicionAfter(once, { evidence: "unavailable", source: "api" }, 7);

    expect([once, twice]).toMatchObject([
      { since: 3, slices: 1 },
      { since: 3, slices: 2 },
    ]);
  });

  test("begins again if the failure comes from another source", () => {
    const after = suspicionAfter(unavailable(2), { evidence: "unavailable", source: "storage" }, 8);

    expect(after).toEqual({ evidence: "unavailable", source: "storage", since: 8, slices: 1 });
  });

  test("begins again if the evidence differs", () => {
    expect(suspicionAfter(unavailable(2), { evidence: "denied", source: "api" }, 8)).toMatchObject({
      since: 8,
      slices: 1,
    });
  });
});

test.each([
  ["in the third slice in a row in which nothing came", 3, true],
  ["not in the second", 2, false],
  ["not in the fourth or the fifth", 5, false],
  ["in the sixth as well", 6, true],
  ["not before any was unavailable", 0, false],
])("a control is due %s", (_rule, slices, isDue) => {
  expect(isControlDue(slices)).toBe(isDue);
});

test.each([
  ["is its own after three slices in a row, though it was not requested in each", 1, 3, { api: 6, storage: 0 }, true],
  ["is its own after three slices of its own, whatever the row", 3, 1, { api: 6, storage: 0 }, true],
  ["is not its own after two", 1, 2, { api: 6, storage: 0 }, false],
  ["is not its own where it fails for the first time", 1, 3, { api: 5, storage: 0 }, false],
])("a failure after a control has succeeded %s", (_rule, slices, row, signs, isOwn) => {
  expect(isOwnFaultByControl(unavailable(slices), signs, row)).toBe(isOwn);
});

test.each([
  ["five denials in a row", 5, false, true],
  ["four of many", 4, false, false],
  ["one, where it is all there is", 1, true, true],
  ["none", 0, true, false],
])("%s may concern all: %s at the end of the items %s is %s", (_rule, denials, isEnd, may) => {
  expect(mayConcernAll(denials, isEnd)).toBe(may);
});

describe("an attempt counts towards giving an item up", () => {
  const tally = { ...emptyTally, attempted: 100, succeeded: 50 };

  test.each([
    ["if fewer than five failed alike", { failedByResult: { "not-found": 4 }, attempted: 4 }, true],
    [
      "but not if five failed alike, and they are a tenth of all",
      { failedByResult: { "not-found": 5 }, attempted: 50 },
      false,
    ],
    [
      "if five failed alike, and they are less than a tenth of all",
      { failedByResult: { "not-found": 5 }, attempted: 51 },
      true,
    ],
    ["but not if no other item succeeded", { failedByResult: { "not-found": 1 }, succeeded: 0 }, false],
    ["if many others failed, but not alike", { failedByResult: { "not-found": 4, refused: 40 }, attempted: 44 }, true],
  ])("%s", (_rule, change, counts) => {
    expect(isCounted("not-found", { ...tally, ...change })).toBe(counts);
  });

  test("and failures in bulk are counted: many with the same result", () => {
    expect(failedInBulk({ ...tally, failedByResult: { "not-found": 30, refused: 4, fault: 10 } })).toBe(40);
  });
});

describe("a run that did nothing reports it", () => {
  const tally = { ...emptyTally, attempted: 5, failed: 5, firstTime: 1 };

  test.each([
    ["if five items were due, and one for the first time", {}, true],
    ["counting those that it left for the next run", { attempted: 2, left: 3 }, true],
    ["but not if fewer were due", { attempted: 4 }, false],
    ["nor if one is done", { done: 1 }, false],
    ["nor if all were due before: that was said then", { firstTime: 0 }, false],
  ])("%s", (_rule, change, says) => {
    expect(hasNothing({ ...tally, ...change })).toBe(says);
  });

  test("`isFew` is true below five", () => {
    expect([isFew({ ...emptyTally, attempted: 4 }), isFew({ ...emptyTally, attempted: 4, left: 1 })]).toEqual([
      true,
      false,
    ]);
  });
});
