import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wallClock } from "../../../shared/core/time/wall-clock.ts";

const shown = (timeZone: string, instant: string) => {
  const ms = wallClock(timeZone)(Date.parse(instant));
  return ms === undefined ? undefined : new Date(ms).toISOString().slice(0, -1);
};

describe("a wall clock", () => {
  test.each([
    ["America/New_York", "2026-11-01T05:59:59.999Z", "2026-11-01T01:59:59.999"],
    ["America/New_York", "2026-11-01T06:00:00.000Z", "2026-11-01T01:00:00.000"],
    ["America/New_York", "2026-03-08T07:00:00.000Z", "2026-03-08T03:00:00.000"],
    ["Asia/Kathmandu", "2026-11-01T00:00:00.500Z", "2026-11-01T05:45:00.500"],
    ["Pacific/Kiritimati", "2026-11-01T12:00:00.000Z", "2026-11-02T02:00:00.000"],
    ["UTC", "1969-12-31T23:59:59.001Z", "1969-12-31T23:59:59.001"],
  ])("in %s at %s shows %s", (timeZone, instant, time) => {
    expect(shown(timeZone, instant)).toBe(time);
  });

  test("shows nothing for years that it cannot write", () => {
    expect(wallClock("UTC")(Date.parse("0000-01-01T00:00:00Z"))).toBeUndefined();
  });

  test("returns the zone's local time, independent of earlier calls", () => {
    const zones = fc.constantFrom("America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Europe/Berlin");
    const instants = fc.array(fc.integer({ min: Date.parse("2010-01-01"), max: Date.parse("2040-01-01") }));
    fc.assert(
      fc.property(zones, instants, (timeZone, sequence) => {
        const clock = wallClock(timeZone);
        const parts = new Intl.DateTimeFormat("en-GB", { timeZone, hourCycle: "h23", ...allParts });

        for (const instant of sequence) {
          const of = Object.fromEntries(parts.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
          const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = of;
          expect(clock(instant)).toBe(
            Date.UTC(year, month - 1, day, hour, minute, second, ((instant % 1000) + 1000) % 1000),
          );
        }
      }),
    );
  });
});

const allParts = {
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
} as const;
