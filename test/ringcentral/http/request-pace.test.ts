import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createRequestPace } from "../../../shared/ringcentral/http/request-pace.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const passes = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Starts one request at each of the instants, as soon as the pace allows. Returns when they started, in ms. */
async function startsOf(instants: readonly number[]): Promise<readonly number[]> {
  const pace = createRequestPace(passes);
  const beganMs = performance.now();
  const starts: number[] = [];
  const requests = instants.map(async (atMs) => {
    await passes(atMs);
    await pace();
    starts.push(performance.now() - beganMs);
  });
  await vi.runAllTimersAsync();
  await Promise.all(requests);
  return starts;
}

test("ten requests start at once, and the eleventh a second after the first", async () => {
  expect(await startsOf(Array(11).fill(0))).toEqual([...Array(10).fill(0), 1_000]);
});

test("requests that come more slowly never wait", async () => {
  const instants = Array.from({ length: 30 }, (_, n) => n * 100);

  expect(await startsOf(instants)).toEqual(instants);
});

test("whenever requests come, at most ten start in any second, each as early as that allows", async () => {
  const instants = fc.array(fc.nat({ max: 3_000 }), { maxLength: 60 });

  await fc.assert(
    fc.asyncProperty(instants, async (some) => {
      const starts = await startsOf(some);

      const sorted = some.toSorted((a, b) => a - b);
      for (const [n, start] of starts.entries()) {
        const tenEarlier = starts[n - 10];
        const earliest = tenEarlier === undefined ? 0 : tenEarlier + 1_000;
        expect(start).toBe(Math.max(sorted[n] ?? 0, earliest));
      }
    }),
    { numRuns: 50 },
  );
});
