import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, dayOf, daysBetween, isDay, isTimeZone, spanOf } from "../../../shared/core/time/days.ts";

const hours = (span: { readonly from: Date; readonly to: Date }) =>
  (span.to.getTime() - span.from.getTime()) / 3_600_000;

describe("an invalid date", () => {
  const invalid = ["", "2026-1-1", "2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "2026-11-31", "26-01-01"];
  const almost = ["2026-11-01T00:00:00Z", " 2026-11-01", "2026-11-01 ", "2026/11/01", "+02026-11-01", "today"];

  test.each([...invalid, ...almost])("%j is refused", (text) => {
    expect(isDay(text)).toBe(false);
  });

  test("is 29 February, except in a leap year", () => {
    expect(isDay("2028-02-29")).toBe(true);
  });
});

test.each(["", "Mars/Olympus", "New York", "UTC+25"])("%j is not a time zone", (name) => {
  expect(isTimeZone(name)).toBe(false);
});

describe("a day's span", () => {
  test.each([
    ["has 24 hours where clocks never change", "2026-03-29", "Asia/Tokyo", "2026-03-28T15:00:00.000Z", 24],
    ["has 24 hours in UTC", "2026-01-01", "UTC", "2026-01-01T00:00:00.000Z", 24],
    ["has 23 hours when clocks go forward", "2026-03-08", "America/New_York", "2026-03-08T05:00:00.000Z", 23],
    ["has 25 hours when clocks go back", "2026-11-01", "America/New_York", "2026-11-01T04:00:00.000Z", 25],
    ["begins at a half hour in a half-hour zone", "2026-06-01", "Asia/Kolkata", "2026-05-31T18:30:00.000Z", 24],
    ["begins at a quarter in a quarter-hour zone", "2026-06-01", "Asia/Kathmandu", "2026-05-31T18:15:00.000Z", 24],
    ["has 23 and a half hours on Lord Howe", "2026-10-04", "Australia/Lord_Howe", "2026-10-03T13:30:00.000Z", 23.5],
    ["begins at one where midnight is skipped", "2026-03-29", "Atlantic/Azores", "2026-03-29T01:00:00.000Z", 23],
    ["begins at one where midnight is skipped", "2026-03-08", "America/Havana", "2026-03-08T05:00:00.000Z", 23],
    ["crosses New Year far in the east", "2026-12-31", "Pacific/Kiritimati", "2026-12-30T10:00:00.000Z", 24],
    ["crosses New Year far in the west", "2026-12-31", "Pacific/Pago_Pago", "2026-12-31T11:00:00.000Z", 24],
  ])("%s (%s in %s)", (_rule, day, timeZone, from, length) => {
    const span = spanOf(day, timeZone);

    expect(span.from.toISOString()).toBe(from);
    expect(hours(span)).toBe(length);
  });
});

const zones = fc.constantFrom(
  "UTC",
  ...["America/New_York", "America/St_Johns", "America/Havana", "America/Santiago", "America/Asuncion"],
  ...["America/Nuuk", "Atlantic/Azores", "Europe/London", "Europe/Berlin", "Africa/Cairo", "Africa/Casablanca"],
  ...["Asia/Beirut", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "Australia/Lord_Howe", "Antarctica/Troll"],
  ...["Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Pago_Pago"],
);
const days = fc
  .date({ min: new Date("2020-01-01"), max: new Date("2036-12-31"), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

describe("in every zone and year,", () => {
  test("days tile time: each begins where the one before ends, and contains only its own instants", () => {
    fc.assert(
      fc.property(days, zones, (day, timeZone) => {
        const { from, to } = spanOf(day, timeZone);

        expect(spanOf(addDays(day, 1), timeZone).from).toEqual(to);
        expect(dayOf(from, timeZone)).toBe(day);
        expect(dayOf(new Date(to.getTime() - 1), timeZone)).toBe(day);
        expect(dayOf(to, timeZone)).toBe(addDays(day, 1));
        expect(dayOf(new Date(from.getTime() - 1), timeZone)).toBe(addDays(day, -1));
      }),
      { numRuns: 400 },
    );
  });

  test("every instant lies within the span of its day", () => {
    const instants = fc.date({ min: new Date("2020-01-01"), max: new Date("2036-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(instants, zones, (instant, timeZone) => {
        const { from, to } = spanOf(dayOf(instant, timeZone), timeZone);

        expect(from <= instant && instant < to).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test("a day has between 22 and 26 hours", () => {
    fc.assert(
      fc.property(days, zones, (day, timeZone) => {
        const length = hours(spanOf(day, timeZone));

        expect(length).toBeGreaterThanOrEqual(22);
        expect(length).toBeLessThanOrEqual(26);
      }),
      { numRuns: 200 },
    );
  });
});

test("the days between two days come in order, each once, without the last", () => {
  fc.assert(
    fc.property(days, fc.integer({ min: -3, max: 800 }), (from, count) => {
      const between = daysBetween(from, addDays(from, count));

      expect(between).toHaveLength(Math.max(0, count));
      expect(between).toEqual([...new Set(between)].sort());
      if (count > 0) expect([between[0], between.at(-1)]).toEqual([from, addDays(from, count - 1)]);
    }),
  );
});

test("adding days and subtracting them again gives the same day", () => {
  fc.assert(
    fc.property(days, fc.integer({ min: -4_000, max: 4_000 }), (day, count) => {
      expect(addDays(addDays(day, count), -count)).toBe(day);
    }),
  );
});
