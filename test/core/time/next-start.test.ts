import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextStart } from "../../../shared/core/time/next-start.ts";
import { wallClock } from "../../../shared/core/time/wall-clock.ts";

const next = (expression: string, now: string, timeZone = "America/New_York") =>
  nextStart(expression, timeZone, new Date(now))?.toISOString();

describe("the next start of a schedule", () => {
  test.each(["rate(1 day)", "cron(30 3 ? * MON *)", "cron(30 3 * * ? 2027)", ""])("is unknown for %j", (expression) => {
    expect(next(expression, "2026-11-04T00:00:00Z")).toBeUndefined();
  });

  test.each([
    ["a minute before it", "2026-11-04T08:29:00Z", "2026-11-04T08:30:00.000Z"],
    ["at it, is tomorrow's", "2026-11-04T08:30:00Z", "2026-11-05T08:30:00.000Z"],
    ["before the end of summer time", "2026-11-01T04:30:00Z", "2026-11-01T08:30:00.000Z"],
    ["before its beginning", "2026-03-08T06:00:00Z", "2026-03-08T07:30:00.000Z"],
  ])("%s", (_when, now, start) => {
    expect(next("cron(30 3 * * ? *)", now)).toBe(start);
  });

  test("leaves out a local time that a clock change skips", () => {
    expect(next("cron(30 2 * * ? *)", "2026-03-08T06:00:00Z")).toBe("2026-03-09T06:30:00.000Z");
  });

  test("is within 25 hours, and shows its time on the local clock, except where that is skipped", () => {
    const zones = ["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"];
    const instants = fc.date({ min: new Date("2026-01-01"), max: new Date("2027-01-01"), noInvalidDate: true });

    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        instants,
        fc.nat({ max: 23 }),
        fc.nat({ max: 59 }),
        (zone, now, hour, minute) => {
          fc.pre(hour > 2);
          const start = nextStart(`cron(${minute} ${hour} * * ? *)`, zone, now);
          const local = new Date(wallClock(zone)(start?.getTime() ?? 0) ?? 0);
          expect([local.getUTCHours(), local.getUTCMinutes()]).toEqual([hour, minute]);
          expect((start?.getTime() ?? 0) - now.getTime()).toBeLessThanOrEqual(25 * 3_600_000);
        },
      ),
    );
  });
});
