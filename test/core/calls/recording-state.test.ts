import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FetchAttempt } from "../../../shared/core/calls/call-manifest.ts";
import { nextAttemptAt, recordingState, withAttempt } from "../../../shared/core/calls/recording-state.ts";
import { addressOf, days, hour, stored, tryAt } from "../../support/core/day-events.ts";

const referenced = { id: "r", firstSeenAt: hour(1), callId: "a", contentUri: addressOf("r") };
const state = (attempts: readonly FetchAttempt[], horizonPassedAt?: string) =>
  recordingState({ ...referenced, attempts: [...attempts] }, horizonPassedAt);
const event = stored("r");
const object = event.type === "stored" ? event.object : undefined;

const twoWeeks = days(14);
/** One millisecond, in hours. */
const moment = 1 / 3_600_000;

describe("a recording is not given up", () => {
  test.each([
    ["before anybody has tried", []],
    ["after one not found", [tryAt(2, "not-found")]],
    ["a moment before 14 days of not found", [tryAt(2, "not-found"), tryAt(2 + twoWeeks - moment, "not-found")]],
    ["a moment before 14 days of refusals", [tryAt(2, "refused"), tryAt(2 + twoWeeks - moment, "refused")]],
    ["when not found and refused take turns", [tryAt(2, "not-found"), tryAt(2 + twoWeeks, "refused")]],
    ["when a fault came between", [tryAt(2, "not-found"), tryAt(9, "unavailable"), tryAt(2 + twoWeeks, "not-found")]],
    ["when a fault came last", [tryAt(2, "not-found"), tryAt(2 + twoWeeks, "not-found"), tryAt(400, "unavailable")]],
    ["when no other recording came either", [tryAt(2, "not-found", false), tryAt(2 + twoWeeks, "not-found", false)]],
    ["when others came on its first night alone", [tryAt(2, "not-found"), tryAt(2 + twoWeeks, "not-found", false)]],
    ["when others came on its last night alone", [tryAt(2, "not-found", false), tryAt(2 + twoWeeks, "not-found")]],
    ["though nothing but faults came for months", [tryAt(2, "unavailable"), tryAt(days(100), "unavailable")]],
    ["though it was no audio for months", [tryAt(2, "not-audio"), tryAt(days(100), "not-audio")]],
  ] satisfies [string, FetchAttempt[]][])("%s", (_when, attempts) => {
    expect(state(attempts)).toBe("pending");
  });
});

describe("a recording is", () => {
  const notFound = [tryAt(2, "not-found"), tryAt(2 + twoWeeks, "not-found")];

  test('not found after 14 days of only "not found", while others were stored', () => {
    expect(state(notFound)).toBe("not-found");
  });

  test("not found even if nights without any others came between", () => {
    expect(state([tryAt(2, "not-found"), tryAt(50, "not-found", false), tryAt(2 + twoWeeks, "not-found")])).toBe(
      "not-found",
    );
  });

  test("not found even if another failure came first: the last 14 days count", () => {
    expect(state([tryAt(1, "unavailable"), ...notFound])).toBe("not-found");
  });

  test("not found after 14 days of only empty bodies, while others were stored", () => {
    expect(state([tryAt(2, "empty"), tryAt(2 + twoWeeks - moment, "empty")])).toBe("pending");
    expect(state([tryAt(2, "empty"), tryAt(2 + twoWeeks, "empty")])).toBe("not-found");
  });

  test('not found after 14 days of "not found" and empty bodies in turn', () => {
    const inTurn = [tryAt(2, "not-found"), tryAt(50, "empty"), tryAt(98, "not-found"), tryAt(2 + twoWeeks, "empty")];

    expect(state(inTurn.slice(1))).toBe("pending");
    expect(state(inTurn)).toBe("not-found");
  });

  test("refused after 14 days of only refusals while others were stored", () => {
    expect(state([tryAt(2, "refused"), tryAt(2 + twoWeeks, "refused")])).toBe("refused");
    expect(state([tryAt(2, "refused", false), tryAt(2 + twoWeeks, "refused", false)])).toBe("pending");
  });

  test("stored for any other events", () => {
    const before = { ...referenced, object, attempts: notFound };

    expect([recordingState(before, undefined), recordingState(before, hour(0))]).toEqual(["stored", "stored"]);
  });
});

describe("beyond RingCentral's horizon, a recording", () => {
  test("that was first seen there is already deleted, exactly from the horizon on", () => {
    expect(state([], hour(1))).toBe("already-deleted");
    expect(state([], hour(1 + moment))).toBe("pending");
  });

  test("that was first seen there is already deleted, whatever its attempts gave", () => {
    expect(state([tryAt(2, "not-found"), tryAt(2 + twoWeeks, "not-found")], hour(1))).toBe("already-deleted");
  });

  test.each(["not-found", "empty", "refused"] as const)(
    "that was seen before is lost at the first response %s",
    (result) => {
      expect(state([tryAt(49, result)], hour(50))).toBe("pending");
      expect(state([tryAt(50, result)], hour(50))).toBe("lost");
    },
  );

  test("that was seen before is lost after three attempts there with any results, and not after two", () => {
    const beyond = (count: number) => Array.from({ length: count }, (_, n) => tryAt(50 + n, "unavailable"));

    expect(state([tryAt(49, "unavailable"), ...beyond(2)], hour(50))).toBe("pending");
    expect(state(beyond(3), hour(50))).toBe("lost");
  });

  test("that was seen before is never lost without an attempt, even if RingCentral sent no URL of it", () => {
    const { contentUri, ...unoffered } = referenced;

    expect(recordingState(unoffered, hour(50))).toBe("pending");
    expect(recordingState(unoffered, undefined)).toBe("pending");
  });

  test("stays pending as long as only general failures come", () => {
    expect(state([tryAt(60, "unavailable"), tryAt(90, "disk-full")], hour(50))).toBe("pending");
  });

  test("that had been given up before stays given up", () => {
    expect(state([tryAt(2, "not-found"), tryAt(2 + twoWeeks, "not-found")], hour(days(80)))).toBe("not-found");
  });
});

test("an attempt is kept once, in the order of time, and the last twelve are kept", () => {
  const attempts = Array.from({ length: 14 }, (_, n) => tryAt(n, "unavailable"));
  const latest = attempts.slice(-12);

  expect(attempts.reduce(withAttempt, [])).toEqual(latest);
  expect(attempts.reduceRight(withAttempt, [])).toEqual(latest);
  expect(latest.reduce(withAttempt, latest)).toEqual(latest);
});

describe("attempts that one run repeated because its container died", () => {
  const first = { ...tryAt(2, "unavailable"), run: "night" };
  const again = { ...tryAt(2.01, "not-found", false), run: "night" };

  test("count as one, the latest, which counts if any of them does", () => {
    expect([first, again].reduce(withAttempt, [])).toEqual([{ ...again, othersSucceeded: true }]);
  });

  test("delay the next attempt by no extra night", () => {
    expect(nextAttemptAt({ attempts: [first, again].reduce(withAttempt, []) })).toEqual(
      nextAttemptAt({ attempts: [again] }),
    );
  });

  test("do not give up anything that a run without them would not", () => {
    const beyond = [0, 0.1, 0.2].map((later) => ({ ...tryAt(50 + later, "unavailable"), run: "night" }));

    expect(state(beyond.reduce(withAttempt, []), hour(50))).toBe("pending");
  });

  test("give the same state in any order, once or twice", () => {
    const attempts = fc.array(
      fc.record(
        {
          run: fc.constantFrom("a", "b", "c"),
          at: fc.integer({ min: 1, max: 9 }).map(hour),
          result: fc.constantFrom("not-found", "refused", "unavailable"),
          code: fc.constantFrom("CMN-102", "AGW-404"),
          othersSucceeded: fc.constant(true),
        },
        { requiredKeys: ["run", "at", "result"] },
      ),
      { maxLength: 12 },
    );
    const deliveries = attempts.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
    );

    fc.assert(
      fc.property(deliveries, ([all, disordered]) => {
        expect(disordered.reduce(withAttempt, [])).toEqual(all.reduce(withAttempt, []));
      }),
    );
  });
});

test("twelve attempts on the ladder last longer than giving up takes", () => {
  let attempts: FetchAttempt[] = [tryAt(0, "not-found")];
  const rungs = 11;
  for (let rung = 0; rung < rungs; rung++) {
    const at = nextAttemptAt({ attempts }).toISOString();
    attempts = withAttempt(attempts, { ...tryAt(0, "not-found"), run: `run at ${at}`, at });
  }

  expect(attempts).toHaveLength(rungs + 1);
  expect(state(attempts)).toBe("not-found");
});

test("a pending recording is due at once, then one, two, four and eight nights after each attempt, some hours early", () => {
  const attempts = [0, 20, 70, 170, 400, 700].map((hours) => tryAt(hours, "unavailable"));

  const due = [0, 1, 2, 3, 4, 5, 6].map((count) => nextAttemptAt({ attempts: attempts.slice(0, count) }).toISOString());

  const nights = (after: number, count: number) => hour(after + days(count) - 6);
  expect(due.slice(0, 3)).toEqual([new Date(0).toISOString(), nights(0, 1), nights(20, 2)]);
  expect(due.slice(3)).toEqual([nights(70, 4), nights(170, 8), nights(400, 8), nights(700, 8)]);
});
