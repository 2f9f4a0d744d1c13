import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FetchAttempt } from "../../../shared/core/calls/call-manifest.ts";
import { nextTryAt, recordingState, withTry } from "../../../shared/core/calls/recording-state.ts";
import { addressOf, days, hour, stored, tryAt } from "../../support/core/day-events.ts";

const named = { id: "r", named: hour(1), record: "a", contentUri: addressOf("r") };
const state = (tries: readonly FetchAttempt[], horizonPassed?: string) =>
  recordingState({ ...named, tries: [...tries] }, horizonPassed);
const event = stored("r");
const object = event.is === "stored" ? event.object : undefined;

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
    ["when a fault came between", [tryAt(2, "not-found"), tryAt(9, "fault"), tryAt(2 + twoWeeks, "not-found")]],
    ["when a fault came last", [tryAt(2, "not-found"), tryAt(2 + twoWeeks, "not-found"), tryAt(400, "fault")]],
    ["when no other recording came either", [tryAt(2, "not-found", false), tryAt(2 + twoWeeks, "not-found", false)]],
    ["when others came on its first night alone", [tryAt(2, "not-found"), tryAt(2 + twoWeeks, "not-found", false)]],
    ["when others came on its last night alone", [tryAt(2, "not-found", false), tryAt(2 + twoWeeks, "not-found")]],
    ["though nothing but faults came for months", [tryAt(2, "fault"), tryAt(days(100), "fault")]],
    ["though it was no audio for months", [tryAt(2, "not-audio"), tryAt(days(100), "not-audio")]],
  ] satisfies [string, FetchAttempt[]][])("%s", (_when, tries) => {
    expect(state(tries)).toBe("pending");
  });
});

describe("a recording is", () => {
  const notFound = [tryAt(2, "not-found"), tryAt(2 + twoWeeks, "not-found")];

  test("absent after 14 days of nothing but not found, while others came", () => {
    expect(state(notFound)).toBe("absent");
  });

  test("absent though nights without any others lay between", () => {
    expect(state([tryAt(2, "not-found"), tryAt(50, "not-found", false), tryAt(2 + twoWeeks, "not-found")])).toBe(
      "absent",
    );
  });

  test("absent though a fault came first: the last 14 days count", () => {
    expect(state([tryAt(1, "fault"), ...notFound])).toBe("absent");
  });

  test("absent after 14 days of nothing but an empty body, while others came", () => {
    expect(state([tryAt(2, "empty"), tryAt(2 + twoWeeks - moment, "empty")])).toBe("pending");
    expect(state([tryAt(2, "empty"), tryAt(2 + twoWeeks, "empty")])).toBe("absent");
  });

  test("refused after 14 days of nothing but refusals while others came", () => {
    expect(state([tryAt(2, "refused"), tryAt(2 + twoWeeks, "refused")])).toBe("refused");
    expect(state([tryAt(2, "refused", false), tryAt(2 + twoWeeks, "refused", false)])).toBe("pending");
  });

  test("stored whatever else is known of it", () => {
    const before = { ...named, object, tries: notFound };

    expect([recordingState(before, undefined), recordingState(before, hour(0))]).toEqual(["stored", "stored"]);
  });
});

describe("beyond RingCentral's horizon a recording", () => {
  test("that was first named there was gone before, from the very instant on", () => {
    expect(state([], hour(1))).toBe("gone-before");
    expect(state([], hour(1 + moment))).toBe("pending");
  });

  test("that was first named there was gone before, whatever trying it has brought", () => {
    expect(state([tryAt(2, "not-found"), tryAt(2 + twoWeeks, "not-found")], hour(1))).toBe("gone-before");
  });

  test.each(["not-found", "empty", "refused"] as const)(
    "that was known before is lost at the first answer %s",
    (why) => {
      expect(state([tryAt(49, why)], hour(50))).toBe("pending");
      expect(state([tryAt(50, why)], hour(50))).toBe("lost");
    },
  );

  test("that was known before is lost after three attempts there, whatever they brought, and not after two", () => {
    const beyond = (count: number) => Array.from({ length: count }, (_, n) => tryAt(50 + n, "fault"));

    expect(state([tryAt(49, "fault"), ...beyond(2)], hour(50))).toBe("pending");
    expect(state(beyond(3), hour(50))).toBe("lost");
  });

  test("that was known before is never lost without a try, even if RingCentral named no URL of it", () => {
    const { contentUri, ...unoffered } = named;

    expect(recordingState(unoffered, hour(50))).toBe("pending");
    expect(recordingState(unoffered, undefined)).toBe("pending");
  });

  test("is waited for as long as nothing but faults come", () => {
    expect(state([tryAt(60, "fault"), tryAt(90, "no-room")], hour(50))).toBe("pending");
  });

  test("that had been given up before stays so", () => {
    expect(state([tryAt(2, "not-found"), tryAt(2 + twoWeeks, "not-found")], hour(days(80)))).toBe("absent");
  });
});

test("a try is noted once, in the order of time, and the last twelve are kept", () => {
  const tries = Array.from({ length: 14 }, (_, n) => tryAt(n, "fault"));
  const latest = tries.slice(-12);

  expect(tries.reduce(withTry, [])).toEqual(latest);
  expect(tries.reduceRight(withTry, [])).toEqual(latest);
  expect(latest.reduce(withTry, latest)).toEqual(latest);
});

describe("attempts that one run repeated, because its container died,", () => {
  const first = { ...tryAt(2, "fault"), run: "night" };
  const again = { ...tryAt(2.01, "not-found", false), run: "night" };

  test("are one try: the latest, which counts if any of them does", () => {
    expect([first, again].reduce(withTry, [])).toEqual([{ ...again, othersCame: true }]);
  });

  test("delay the next night by no night more", () => {
    expect(nextTryAt({ tries: [first, again].reduce(withTry, []) })).toEqual(nextTryAt({ tries: [again] }));
  });

  test("give up nothing that the run alone would not", () => {
    const beyond = [0, 0.1, 0.2].map((later) => ({ ...tryAt(50 + later, "fault"), run: "night" }));

    expect(state(beyond.reduce(withTry, []), hour(50))).toBe("pending");
  });

  test("come to the same in whatever order they are told, and how often", () => {
    const attempts = fc.array(
      fc.record(
        {
          run: fc.constantFrom("a", "b", "c"),
          at: fc.integer({ min: 1, max: 9 }).map(hour),
          why: fc.constantFrom("not-found", "refused", "fault"),
          code: fc.constantFrom("CMN-102", "AGW-404"),
          othersCame: fc.constant(true),
        },
        { requiredKeys: ["run", "at", "why"] },
      ),
      { maxLength: 12 },
    );
    const told = attempts.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
    );

    fc.assert(
      fc.property(told, ([all, disordered]) => {
        expect(disordered.reduce(withTry, [])).toEqual(all.reduce(withTry, []));
      }),
    );
  });
});

test("twelve tries on the ladder last for longer than giving up takes", () => {
  let tries: FetchAttempt[] = [tryAt(0, "not-found")];
  const rungs = 11;
  for (let rung = 0; rung < rungs; rung++) {
    const at = nextTryAt({ tries }).toISOString();
    tries = withTry(tries, { ...tryAt(0, "not-found"), run: `run at ${at}`, at });
  }

  expect(tries).toHaveLength(rungs + 1);
  expect(state(tries)).toBe("absent");
});

test("a pending recording is due at once, then one, two, four and eight nights after each try, some hours early", () => {
  const tries = [0, 20, 70, 170, 400, 700].map((hours) => tryAt(hours, "fault"));

  const due = [0, 1, 2, 3, 4, 5, 6].map((count) => nextTryAt({ tries: tries.slice(0, count) }).toISOString());

  const nights = (after: number, count: number) => hour(after + days(count) - 6);
  expect(due.slice(0, 3)).toEqual([new Date(0).toISOString(), nights(0, 1), nights(20, 2)]);
  expect(due.slice(3)).toEqual([nights(70, 4), nights(170, 8), nights(400, 8), nights(700, 8)]);
});
