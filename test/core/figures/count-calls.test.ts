import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CountedCall, createCallCount } from "../../../shared/core/figures/count-calls.ts";

const call = (given: Partial<CountedCall>): CountedCall => ({
  ...{ id: "1", session_id: "s1", local_time: Date.parse("2026-11-03T09:30:00Z"), direction: "Inbound" },
  ...{ type: "Voice", result: "Missed", deleted: false, vanished: false, moved: false, ...given },
});

function figuresOf(...calls: readonly CountedCall[]) {
  const count = createCallCount();
  for (const each of calls) count.add(each);
  return count.figures();
}

describe("a call is not counted", () => {
  test.each([
    ["that is a fax", { type: "Fax" }],
    ["without a type", { type: undefined }],
    ["that was deleted", { deleted: true }],
    ["that vanished", { vanished: true }],
    ["that moved to an adjacent day", { moved: true }],
    ["without a direction", { direction: undefined }],
    ["of an unknown direction", { direction: "Sideways" }],
  ] as const)("%s", (_what, given) => {
    expect(figuresOf(call(given))).toMatchObject({ inbound: 0, outbound: 0 });
  });
});

describe("the calls of a day", () => {
  test("count each session once, with its best outcome and the hour of its first record", () => {
    const figures = figuresOf(
      call({ result: "Missed", local_time: Date.parse("2026-11-03T08:59:59Z") }),
      call({ id: "2", result: "Accepted", local_time: Date.parse("2026-11-03T09:00:00Z") }),
    );

    expect(figures).toMatchObject({ inbound: 1, outcomes: { answered: 1, missed: 0 } });
    expect(figures.hours[8]).toEqual({ inbound: 1, outbound: 0 });
    expect(figures.hours[9]).toEqual({ inbound: 0, outbound: 0 });
  });

  test("count a session of both directions once in each, as the table `discrepancy` does", () => {
    expect(figuresOf(call({}), call({ id: "2", direction: "Outbound" }))).toMatchObject({ inbound: 1, outbound: 1 });
  });

  test("count a record without a session by its id", () => {
    expect(figuresOf(call({ session_id: undefined }), call({ session_id: undefined, id: "2" })).inbound).toBe(2);
  });

  test("count outbound calls that somebody answered", () => {
    const outbound = { direction: "Outbound" };
    const figures = figuresOf(
      call({ ...outbound, session_id: "a", result: "Call connected" }),
      call({ ...outbound, session_id: "b", result: "No Answer" }),
    );

    expect(figures).toMatchObject({ outbound: 2, connected: 1, outcomes: { answered: 0 } });
  });

  test("count a call without a time in no hour", () => {
    const figures = figuresOf(call({ local_time: undefined }));

    expect(figures.inbound).toBe(1);
    expect(figures.hours.every(({ inbound }) => inbound === 0)).toBe(true);
  });

  test("have as many outcomes as inbound calls, and as many calls by hour as in all, whatever there is", () => {
    const calls = fc.array(
      fc.record({
        session_id: fc.constantFrom("a", "b", "c", undefined),
        id: fc.string(),
        direction: fc.constantFrom("Inbound", "Outbound", undefined),
        result: fc.constantFrom("Accepted", "Missed", "Voicemail", "Hang Up", "New", undefined),
        local_time: fc.integer({ min: 0, max: 86_399_999 }),
      }),
    );
    fc.assert(
      fc.property(calls, (given) => {
        const { inbound, outbound, outcomes, hours } = figuresOf(...given.map(call));
        const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

        expect(sum(Object.values(outcomes))).toBe(inbound);
        expect(sum(hours.map((hour) => hour.inbound))).toBe(inbound);
        expect(sum(hours.map((hour) => hour.outbound))).toBe(outbound);
      }),
    );
  });
});
