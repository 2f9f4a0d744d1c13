import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunEvent } from "../../shared/core/run-history.ts";
import { msLeft, noProgress, progressAfter, runResult } from "../../shared/core/run-progress.ts";

const at = (seconds: number) => new Date(Date.parse("2026-11-06T03:30:00Z") + seconds * 1000);
let id = 0;
const event = (type: RunEvent["type"], name: string, seconds: number, more: Partial<RunEvent> = {}): RunEvent => ({
  ...{ id: ++id, at: at(seconds), type, name },
  ...more,
});
const slice = (attempted: number, left = 0) => ({ type: "stopped", cursor: { tally: { attempted, left } } });
const plan = { type: "done", value: { days: [{ due: 40 }, { due: 60 }] } };

describe("the progress of a run", () => {
  test.each([
    ["the recordings of its plan", "plan", plan.value, { fetch: 100 }],
    ["the days to list", "find days", { toList: ["a", "b"], days: ["a", "b", "c"] }, { list: 2, build: 3, close: 3 }],
    ["its queries", "find days", { queries: 7, days: ["a"] }, { fetch: 7, build: 1, close: 1 }],
    ["its days, listed alone", "find days", ["a", "b"], { "read tables": 2 }],
    ["its pages", "find pages", ["a", "b", "c"], { "write pages": 3 }],
    ["nothing, if another step lists something", "other", ["a"], {}],
    ["nothing, if a step says nothing of the kind", "find days", null, {}],
  ])("has as its totals %s", (_what, step, value, totals) => {
    const progress = progressAfter(noProgress, [event("step-ended", step, 0, { result: { type: "done", value } })]);

    expect(progress.totals).toEqual(totals);
  });

  test("counts items that are left for the next run as decided, and begins at 0 in the next step", () => {
    const fetched = progressAfter(noProgress, [event("step-ended", "fetch", 0, { result: slice(3, 2) })]);

    expect(fetched).toMatchObject({ step: "fetch", done: 5 });
    expect(progressAfter(fetched, [event("step-started", "close", 9)])).toMatchObject({ step: "close", done: 0 });
  });

  test("is the same, however often and in however many pages the events come", () => {
    const events = [
      event("step-ended", "plan", 0, { result: plan }),
      ...[10, 20, 30].map((done) => event("step-ended", "fetch", done * 6, { result: slice(done) })),
    ];

    fc.assert(
      fc.property(fc.array(fc.nat(events.length), { maxLength: 5 }), (ends) => {
        const pages = ends.toSorted((a, b) => a - b).map((end) => events.slice(0, end));
        const progress = [...pages, events].reduce(progressAfter, noProgress);
        expect(progress).toEqual(progressAfter(noProgress, events));
      }),
    );
  });

  test("counts a wait to its end: 10 recordings of 100 in a window of a minute leave nine minutes and this window's rest", () => {
    const events = [
      event("step-ended", "plan", 0, { result: plan }),
      event("step-started", "fetch", 0),
      event("step-ended", "fetch", 5, { result: slice(10) }),
      event("wait-started", "fetch: window", 5, { until: at(60) }),
    ];

    expect(msLeft(progressAfter(noProgress, events))).toBe((9 * 60 + 55) * 1000);
  });

  test("knows no time left before the first item, and without a total", () => {
    const begun = progressAfter(noProgress, [
      event("step-ended", "plan", 0, { result: plan }),
      event("step-started", "fetch", 1),
    ]);
    const unplanned = progressAfter(noProgress, [event("step-ended", "fetch", 9, { result: slice(5) })]);

    expect([msLeft(begun), msLeft(unplanned)]).toEqual([undefined, undefined]);
  });

  test("has the end and the result of the run, which says itself how it ended", () => {
    const end = { status: "SUCCEEDED", message: undefined } as const;
    const result = { run: "r", status: "superseded", result: { days: 3 } };
    const progress = progressAfter(noProgress, [event("run-ended", "r", 9, { end, result })]);

    expect(progress.end).toEqual(end);
    expect(runResult(progress)).toEqual({ status: "superseded", counts: { days: 3 } });
  });
});
