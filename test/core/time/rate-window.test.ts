import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  admissionAt,
  afterBlock,
  afterRelease,
  afterResponse,
  afterStart,
  initialWindow,
  nextSliceAtMs,
  nextWindowAtMs,
  type RateWindow,
  requestsOfOthers,
  shareOfRemaining,
} from "../../../shared/core/time/rate-window.ts";

const headers = (remaining: number) => ({ limit: 10, remaining, windowMs: 60_000 });

test("while the rate limit is unknown, one request probes", () => {
  expect(admissionAt(initialWindow, 0)).toEqual({ type: "probe" });
});

test("after a response without rate-limit headers, the next request probes again", () => {
  const window = afterResponse(afterStart(initialWindow), undefined, 1_000);

  expect(admissionAt(window, 1_000)).toEqual({ type: "probe" });
});

test("after five starts without rate headers the next request waits a whole window after the last response", () => {
  let window: RateWindow = initialWindow;
  for (const at of [1_000, 2_000, 3_000, 4_000, 5_000]) window = afterResponse(afterStart(window), undefined, at);

  expect(admissionAt(window, 6_000)).toEqual({ type: "wait", untilMs: 65_000 });
  expect(admissionAt(afterResponse(window, headers(3), 7_000), 7_000)).toEqual({ type: "go" });
});

test("a released slot is available again, whether the limit is known or not, but never during a block", () => {
  const known = afterResponse(initialWindow, headers(1), 0);

  expect(afterRelease(afterStart(known))).toEqual(known);
  expect(afterRelease(afterStart(initialWindow))).toEqual(initialWindow);
  expect(afterRelease(afterBlock(afterStart(known), 5_000)).remaining).toBe(0);
});

test("a group is closed until its block ends, else until a window after the last response if none remain, else not", () => {
  const used = afterResponse(initialWindow, headers(0), 7_000);

  expect(nextWindowAtMs(afterBlock(used, 90_000), 8_000)).toBe(90_000);
  expect(nextWindowAtMs(used, 8_000)).toBe(67_000);
  expect(nextWindowAtMs(afterResponse(initialWindow, headers(1), 7_000), 8_000)).toBeUndefined();
  expect(nextWindowAtMs(initialWindow, 8_000)).toBeUndefined();
});

test("when no requests remain, the next request waits a whole window after the last response", () => {
  const window = afterResponse(afterResponse(initialWindow, headers(0), 5_000), headers(0), 7_000);

  expect(admissionAt(window, 8_000)).toEqual({ type: "wait", untilMs: 67_000 });
});

test("a response that came late does not move the last response back", () => {
  const window = afterResponse(afterResponse(initialWindow, headers(0), 7_000), headers(0), 5_000);

  expect(admissionAt(window, 8_000)).toEqual({ type: "wait", untilMs: 67_000 });
});

test("a block holds although requests remain, and a shorter one does not end it earlier", () => {
  const window = afterBlock(afterBlock(afterResponse(initialWindow, headers(5), 0), 90_000), 30_000);

  expect(admissionAt(window, 89_999)).toEqual({ type: "wait", untilMs: 90_000 });
  expect(admissionAt(window, 90_000).type).toBe("wait");
});

test("a response with more remaining requests than known does not add the difference", () => {
  const window = afterResponse(afterStart(afterResponse(initialWindow, headers(3), 0)), headers(9), 1);

  expect(window.remaining).toBe(2);
});

type Happening = { readonly type: "start" } | { readonly type: "response"; readonly remaining: number | undefined };
const happenings = fc.array(
  fc.oneof(
    fc.constant<Happening>({ type: "start" }),
    fc.record({
      type: fc.constant("response" as const),
      remaining: fc.option(fc.nat({ max: 12 }), { nil: undefined }),
    }),
  ),
  { maxLength: 60 },
);

test("for any responses, at most five requests start before RingCentral has sent a limit", () => {
  fc.assert(
    fc.property(happenings, (sequence) => {
      let window: RateWindow = initialWindow;
      let unheard = 0;
      for (const [time, happening] of sequence.entries()) {
        if (happening.type === "response") {
          const { remaining } = happening;
          window = afterResponse(window, remaining === undefined ? undefined : headers(remaining), time);
        } else if (admissionAt(window, time).type !== "wait") {
          if (window.remaining === undefined) unheard++;
          window = afterStart(window);
        }
        expect(unheard).toBeLessThanOrEqual(5);
      }
    }),
  );
});

test("for any responses, no more requests start after one than it said remain", () => {
  fc.assert(
    fc.property(happenings, (sequence) => {
      let window: RateWindow = initialWindow;
      let allowed = Number.POSITIVE_INFINITY;
      for (const [time, happening] of sequence.entries()) {
        if (happening.type === "response") {
          const { remaining } = happening;
          window = afterResponse(window, remaining === undefined ? undefined : headers(remaining), time);
          allowed = Math.min(allowed, remaining ?? Number.POSITIVE_INFINITY);
        } else if (admissionAt(window, time).type === "go") {
          window = afterStart(window);
          allowed--;
        }
        expect(allowed).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

describe("a group that several jobs share", () => {
  /** The window of one of `jobs` after its first response. */
  const sharedBy = (jobs: number, limit: number, remaining: number) =>
    afterResponse(afterStart({ ...initialWindow, jobs }), { limit, remaining, windowMs: 60_000 }, 0);

  test.each([
    [1, 1, 1],
    [2, 1, 0],
    [2, 2, 1],
    [2, 3, 1],
    [3, 8, 2],
  ])("by %i jobs: of %i remaining requests a slice starts %i", (jobs, remaining, share) => {
    expect(shareOfRemaining(sharedBy(jobs, 10, remaining))).toBe(share);
  });

  test("gives a slice no more than its share of the limit, however much remains", () => {
    let window = sharedBy(2, 10, 9);
    for (let started = 1; started < 5; started++) window = afterStart(window);

    expect(shareOfRemaining(window)).toBe(0);
    expect(shareOfRemaining(afterStart(window))).toBe(0);
  });

  test("is divided again when no request is in flight, and not before", () => {
    let window = afterStart(afterStart(sharedBy(2, 10, 4)));
    window = afterResponse(window, headers(3), 1);
    const before = shareOfRemaining(window);
    window = afterResponse(window, headers(2), 2);

    expect([before, shareOfRemaining(window)]).toEqual([0, 1]);
  });

  test("is left to the others for a window by a slice that used it, and not by one that did not", () => {
    const unused = { ...initialWindow, jobs: 2 };

    expect(nextSliceAtMs(sharedBy(2, 10, 9), 1)).toBe(60_000);
    expect(nextSliceAtMs(afterRelease(afterStart(unused)), 1)).toBeUndefined();
    expect(nextSliceAtMs(sharedBy(1, 10, 9), 1)).toBeUndefined();
  });

  test("gets no request too many in a window, and wastes fewer than there are jobs, in whatever order requests go", () => {
    const orders = fc.array(fc.record({ job: fc.nat({ max: 3 }), end: fc.boolean() }), { maxLength: 200 });

    fc.assert(
      fc.property(orders, fc.integer({ min: 2, max: 4 }), fc.integer({ min: 4, max: 25 }), (order, jobs, limit) => {
        const slices = Array.from({ length: jobs }, () => ({
          window: { ...initialWindow, jobs } as RateWindow,
          responses: [] as number[],
        }));
        let arrived = 0;
        const step = ({ job, end }: { readonly job: number; readonly end: boolean }): boolean => {
          const slice = slices[job % jobs];
          if (!slice) return false;
          const { window, responses } = slice;
          const remaining = end ? responses.shift() : undefined;
          if (remaining !== undefined) {
            slice.window = afterResponse(window, { limit, remaining, windowMs: 60_000 }, 0);
            return true;
          }
          const { type } = admissionAt(window, 0);
          if (type === "wait" || (type === "probe" && window.inFlight > 0)) return false;
          slice.window = afterStart(window);
          responses.push(limit - ++arrived);
          return true;
        };
        for (const each of order) step(each);
        const all = slices.flatMap((_, job) => [
          { job, end: true },
          { job, end: false },
        ]);
        while (all.filter(step).length > 0);

        expect(arrived).toBeLessThanOrEqual(limit);
        expect(arrived).toBeGreaterThan(limit - jobs);
      }),
    );
  });
});

test("what RingCentral counted besides a slice's own requests is others', and never less than none", () => {
  const once = afterStart(initialWindow);
  const twice = afterStart(afterResponse(once, headers(9), 1));

  expect(requestsOfOthers(once)).toBeUndefined();
  expect(requestsOfOthers(afterResponse(once, headers(9), 1))).toBe(0);
  expect(requestsOfOthers(afterResponse(once, headers(6), 1))).toBe(3);
  expect(requestsOfOthers(afterResponse(twice, headers(5), 2))).toBe(3);
  expect(requestsOfOthers(afterResponse(once, headers(10), 1))).toBe(0);
});
