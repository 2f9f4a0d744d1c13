import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { durationText } from "../../../shared/core/time/duration-text.ts";

const minuteMs = 60_000;

describe("a length of time", () => {
  test.each([
    [0, "1 minute"],
    [minuteMs, "1 minute"],
    [minuteMs + 1, "2 minutes"],
    [59 * minuteMs, "59 minutes"],
    [59 * minuteMs + 1, "1 hour"],
    [61 * minuteMs, "1 hour 1 minute"],
    [(24 * 60 - 1) * minuteMs, "23 hours 59 minutes"],
    [24 * 60 * minuteMs, "1 day"],
    [24 * 60 * minuteMs + 1, "1 day 1 hour"],
    [49 * 60 * minuteMs, "2 days 1 hour"],
  ])("of %d ms is said as %s", (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  test("is never said shorter than it is, and at most a minute longer, or an hour from a day on", () => {
    const unitMs: Readonly<Record<string, number>> = { minute: minuteMs, hour: 60 * minuteMs, day: 24 * 60 * minuteMs };
    const saidMs = (text: string) =>
      [...text.matchAll(/(\d+) (minute|hour|day)s?/g)].reduce(
        (sum, [, n, unit = ""]) => sum + Number(n) * (unitMs[unit] ?? 0),
        0,
      );

    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 * 24 * 60 * minuteMs }), (ms) => {
        const said = saidMs(durationText(ms));
        expect(said).toBeGreaterThanOrEqual(ms);
        expect(said - ms).toBeLessThan(said >= 24 * 60 * minuteMs ? 60 * minuteMs : minuteMs);
      }),
    );
  });
});
