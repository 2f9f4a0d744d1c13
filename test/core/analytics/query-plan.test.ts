import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnalyticsQuery, type Dataset, intervals } from "../../../shared/core/analytics/analytics-query.ts";
import { type DayDatasets, maxSpanDays, planQueries } from "../../../shared/core/analytics/query-plan.ts";
import { addDays, daysBetween } from "../../../shared/core/time/days.ts";

const first = "2026-05-01";
const parts: readonly Dataset[] = (["Company", "Users", "Queues"] as const).flatMap((group) =>
  intervals.map((interval) => ({ group, interval })),
);
const nameOf = ({ group, interval }: Dataset) => `${group} ${interval}`;
const daysOf = ({ from, to }: AnalyticsQuery) => daysBetween(from, to);
const namesIn = (queries: readonly AnalyticsQuery[]) =>
  queries.flatMap((query) => daysOf(query).map((day) => `${day} ${nameOf(query)}`));
const dayDue = (day: string, due: readonly Dataset[], neverCollected = due): DayDatasets => ({
  day,
  due,
  neverCollected,
});

/** Days with gaps between them; what was never collected is due. */
const someDays = fc
  .uniqueArray(fc.nat({ max: 200 }), { maxLength: 60 })
  .chain((numbers) => fc.tuple(...numbers.map((n) => aDay(addDays(first, n)))));
const aDay = (day: string) =>
  fc
    .tuple(fc.subarray([...parts]), fc.array(fc.boolean(), { minLength: parts.length, maxLength: parts.length }))
    .map(([due, collected]) =>
      dayDue(
        day,
        due,
        due.filter((_, n) => !collected[n]),
      ),
    );
const allDays = fc
  .record({ count: fc.integer({ min: 1, max: 184 }), due: fc.subarray([...parts], { minLength: 1 }) })
  .map(({ count, due }) => daysBetween(first, addDays(first, count)).map((day) => dayDue(day, due)));
const planned = fc.record({
  days: fc.oneof(someDays, allDays),
  back: fc.nat({ max: 210 }).map((n) => addDays(first, n)),
});

describe("every due dataset", () => {
  test("is queried exactly once, and nothing else is queried", () => {
    fc.assert(
      fc.property(planned, ({ days, back }) => {
        const due = days.flatMap(({ day, due }) => due.map((part) => `${day} ${nameOf(part)}`));

        expect(namesIn(planQueries(days, back)).sort()).toEqual(due.sort());
      }),
      { numRuns: 50 },
    );
  });

  test("is merged into a span only if it was never collected and its values will not change", () => {
    fc.assert(
      fc.property(planned, ({ days, back }) => {
        const never = new Set(
          days.flatMap(({ day, neverCollected }) => neverCollected.map((part) => `${day} ${nameOf(part)}`)),
        );

        for (const query of planQueries(days, back).filter((each) => daysOf(each).length > 1)) {
          expect(query.to <= back).toBe(true);
          expect(namesIn([query]).every((name) => never.has(name))).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("is queried in as few spans as possible, none longer than `maxSpanDays`", () => {
    fc.assert(
      fc.property(allDays, ({ length, 0: day }) => {
        const queries = planQueries(
          daysBetween(first, addDays(first, length)).map((each) => dayDue(each, day?.due ?? [])),
          addDays(first, length),
        );

        for (const part of day?.due ?? []) {
          const spans = queries.filter((query) => nameOf(query) === nameOf(part)).map((query) => daysOf(query).length);
          expect(Math.max(...spans)).toBeLessThanOrEqual(maxSpanDays[part.interval]);
          expect(spans).toHaveLength(Math.ceil(length / maxSpanDays[part.interval]));
        }
      }),
      { numRuns: 40 },
    );
  });

  test("is queried the newest first, `Company` before the other groups", () => {
    fc.assert(
      fc.property(planned, ({ days, back }) => {
        const queries = planQueries(days, back);

        const ends = queries.map(({ to }) => to);
        expect(ends).toEqual([...ends].sort().reverse());
        const places = queries.map((query) => parts.findIndex((part) => nameOf(part) === nameOf(query)));
        for (const [n, place] of places.entries()) {
          if (n > 0 && ends[n - 1] === ends[n]) expect(place).toBeGreaterThan(places[n - 1] ?? 0);
        }
      }),
    );
  });
});

describe("a span", () => {
  const company = parts.slice(0, 1);
  const inSpans = (days: readonly DayDatasets[], back = "2026-12-31") =>
    planQueries(days, back).map(({ from, to }) => `${from} ${to}`);

  test("ends before a day that is not due", () => {
    const days = ["2026-05-01", "2026-05-02", "2026-05-04"].map((day) => dayDue(day, company));

    expect(inSpans(days)).toEqual(["2026-05-04 2026-05-05", "2026-05-01 2026-05-03"]);
  });

  test("ends before a day that was collected once, which gets its own query", () => {
    const days = [
      dayDue("2026-05-01", company),
      dayDue("2026-05-02", company, []),
      dayDue("2026-05-03", company),
      dayDue("2026-05-04", company),
    ];

    expect(inSpans(days)).toEqual(["2026-05-03 2026-05-05", "2026-05-02 2026-05-03", "2026-05-01 2026-05-02"]);
  });

  test("ends before the days that may still change, which get one query each", () => {
    const days = daysBetween("2026-05-01", "2026-05-06").map((day) => dayDue(day, company));

    expect(inSpans(days, "2026-05-04")).toEqual([
      "2026-05-05 2026-05-06",
      "2026-05-04 2026-05-05",
      "2026-05-01 2026-05-04",
    ]);
  });
});

test("without due datasets there are no queries", () => {
  expect(planQueries([dayDue(first, [])], "2026-12-31")).toEqual([]);
});
