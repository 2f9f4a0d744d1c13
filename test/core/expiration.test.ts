import { describe, expect, test } from "vitest";
import { isExpired } from "../../shared/core/expiration.ts";

const object = { key: "recordings/account=7/date=2026-11-01/1.mp3", day: "2026-11-01" };

describe("an object may have been deleted by a rule", () => {
  const rule = { prefix: "recordings/", when: { days: 365 } };

  test("from so many days after its own day on, and not before", () => {
    expect(isExpired([rule], { ...object, now: new Date("2027-10-31T23:59:59Z") })).toBe(false);
    expect(isExpired([rule], { ...object, now: new Date("2027-11-01T00:00:00Z") })).toBe(true);
  });

  test("from the date of the rule on, and not before", () => {
    const dated = { prefix: "recordings/", when: { at: new Date("2027-01-01T00:00:00Z") } };

    expect(isExpired([dated], { ...object, now: new Date("2026-12-31T23:59:59Z") })).toBe(false);
    expect(isExpired([dated], { ...object, now: new Date("2027-01-01T00:00:00Z") })).toBe(true);
  });

  test("of its own prefix only", () => {
    const others = [
      { prefix: "calls/", when: { days: 1 } },
      { prefix: "recordings/account=8/", when: { days: 1 } },
    ];

    expect(isExpired(others, { ...object, now: new Date("2036-01-01T00:00:00Z") })).toBe(false);
  });
});
