import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newestDayBeyondCap, passedByAge } from "../../../shared/core/calls/horizon.ts";
import { addDays, dayMs } from "../../../shared/core/time/days.ts";

describe("by age, the horizon passes a day", () => {
  const to = "2026-08-01T04:00:00.000Z";
  const passes = Date.parse(to) + 90 * dayMs;
  const at = (ms: number) => passedByAge(to, { days: 90 }, new Date(ms));

  test("one day after its end plus the retention, and not a moment earlier", () => {
    expect(at(passes)).toBeUndefined();
    expect(at(passes + dayMs - 1)).toBeUndefined();
    expect(at(passes + dayMs)).toBe(new Date(passes).toISOString());
  });

  test("at the same instant, however late that is noticed", () => {
    expect(at(passes + 300 * dayMs)).toBe(at(passes + dayMs));
  });

  test("by the account's own settings", () => {
    const now = new Date(passes);

    expect(passedByAge(to, { days: 365 }, now)).toBeUndefined();
    expect(passedByAge(to, { days: 30 }, now)).toBe(new Date(Date.parse(to) + 30 * dayMs).toISOString());
  });
});

const newest = "2026-11-30";
/** Counts by day, the newest first. */
const counts = (...each: readonly number[]) => new Map(each.map((count, n) => [addDays(newest, -n), count]));
const retention = { days: 90, maxCount: 1_000 };

describe("by the cap, the horizon passes", () => {
  test.each([
    ["no day of none", []],
    ["no day while all are fewer than the cap", [400, 300, 200]],
    ["not the day that fills the cap, whatever its own number", [999_999]],
    ["no day within a tenth above the cap: our count may be wrong", [1_099, 500]],
  ])("%s", (_what, each) => {
    expect(newestDayBeyondCap(counts(...each), retention)).toBeUndefined();
  });

  test("the newest day before which a tenth more than the cap was recorded", () => {
    expect(newestDayBeyondCap(counts(1_100, 500, 3), retention)).toBe(addDays(newest, -1));
    expect(newestDayBeyondCap(counts(400, 699, 1, 5, 7), retention)).toBe(addDays(newest, -3));
  });

  test("the same day for any order of the days", () => {
    const all = fc.array(fc.nat(600), { maxLength: 12 }).map((each) => [...counts(...each)]);
    fc.assert(
      fc.property(
        all.chain((days) => fc.tuple(fc.constant(days), fc.shuffledSubarray(days, { minLength: days.length }))),
        ([days, shuffled]) => {
          expect(newestDayBeyondCap(new Map(shuffled), retention)).toBe(newestDayBeyondCap(new Map(days), retention));
        },
      ),
    );
  });

  test("no day before which fewer than the cap were recorded, and every day before which a tenth more were", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(600), { maxLength: 12 }), (each) => {
        const passed = newestDayBeyondCap(counts(...each), retention) ?? "";

        for (const [n] of each.entries()) {
          const newer = each.slice(0, n).reduce((sum, count) => sum + count, 0);
          if (newer < 1_000) expect(addDays(newest, -n) > passed).toBe(true);
          if (newer >= 1_100) expect(addDays(newest, -n) <= passed).toBe(true);
        }
      }),
    );
  });
});
