import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  comparedDays,
  firstWeekdayOf,
  type Period,
  pageFile,
  periodBefore,
  periodOf,
  weekdayOf,
} from "../../../shared/core/figures/periods.ts";
import { addDays, type Day, daysBetween } from "../../../shared/core/time/days.ts";

const someDay = fc.integer({ min: 0, max: 20_000 }).map((count) => addDays("2000-01-01", count));
const somePeriod = fc.constantFrom<Period>("day", "week", "month");
const someWeekday = fc.integer({ min: 1, max: 7 });

test.each([
  ["en-US", 7],
  ["de-DE", 1],
  ["en-GB", 1],
  ["ar-EG", 6],
])("the week of %s begins on weekday %i", (locale, weekday) => {
  expect(firstWeekdayOf(locale)).toBe(weekday);
});

describe("the period of a day", () => {
  test.each<[Period, Day, number, Day, Day]>([
    ["week", "2026-11-01", 1, "2026-10-26", "2026-11-02"],
    ["week", "2026-11-01", 7, "2026-11-01", "2026-11-08"],
    ["month", "2026-12-31", 1, "2026-12-01", "2027-01-01"],
    ["month", "2028-02-29", 1, "2028-02-01", "2028-03-01"],
    ["day", "2026-12-31", 1, "2026-12-31", "2027-01-01"],
  ])("%s of %s, with weeks from weekday %i, is [%s, %s)", (period, day, firstWeekday, from, to) => {
    expect(periodOf(period, day, firstWeekday)).toEqual({ period, from, to });
  });

  test("contains it, and every day of it has the same period", () => {
    fc.assert(
      fc.property(somePeriod, someDay, someWeekday, (period, day, firstWeekday) => {
        const span = periodOf(period, day, firstWeekday);
        const days = daysBetween(span.from, span.to);

        expect(days).toContain(day);
        for (const each of days) expect(periodOf(period, each, firstWeekday)).toEqual(span);
        if (period === "week") expect(days.map(weekdayOf)[0]).toBe(firstWeekday);
      }),
    );
  });
});

describe("the period before", () => {
  test("of a day is the same weekday a week before; of a week or month the one that ends where it begins", () => {
    fc.assert(
      fc.property(somePeriod, someDay, someWeekday, (period, day, firstWeekday) => {
        const span = periodOf(period, day, firstWeekday);
        const before = periodBefore(span, firstWeekday);

        expect(periodOf(period, before.from, firstWeekday)).toEqual(before);
        if (period === "day") expect([weekdayOf(before.from), before.from]).toEqual([weekdayOf(day), addDays(day, -7)]);
        else expect(before.to).toBe(span.from);
      }),
    );
  });
});

describe("the days of a period are compared with", () => {
  test.each<[string, Period, Day, readonly Day[], readonly Day[]]>([
    ["the same weekday a week before", "day", "2026-11-03", ["2026-11-03"], ["2026-10-27"]],
    [
      "the same weekdays of a week that has begun",
      "week",
      "2026-11-02",
      ["2026-11-02", "2026-11-03"],
      ["2026-10-26", "2026-10-27"],
    ],
    [
      "the same dates of a month that has begun",
      "month",
      "2026-11-01",
      ["2026-11-01", "2026-11-02"],
      ["2026-10-01", "2026-10-02"],
    ],
    ["nothing, if the month before lacks a date", "month", "2026-03-01", ["2026-03-28", "2026-03-29"], []],
  ])("%s", (_what, period, day, days, compared) => {
    expect(comparedDays(periodOf(period, day, 1), days, 1)).toEqual(compared);
  });

  test("all days of the month before, if the month is whole", () => {
    const whole = comparedDays(periodOf("month", "2026-11-05", 1), daysBetween("2026-11-01", "2026-12-01"), 1);

    expect(whole).toEqual(daysBetween("2026-10-01", "2026-11-01"));
  });
});

test("each period of each day has a file of its own", () => {
  expect([pageFile("day", "2026-11-02"), pageFile("week", "2026-11-02"), pageFile("month", "2026-11-01")]).toEqual([
    "2026-11-02.html",
    "week-2026-11-02.html",
    "month-2026-11.html",
  ]);
});
