import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groups } from "../../../shared/core/analytics/analytics-names.ts";
import { addDays, daysBetween, spanOf } from "../../../shared/core/time/days.ts";
import { checkCollectRequest } from "../../../shared/jobs/collect-analytics/check.ts";
import { earliestAnalyticsDay } from "../../../shared/jobs/collect-analytics/find-days-to-collect.ts";
import { CollectRequest } from "../../../shared/jobs/collect-analytics/request.ts";

/** 23:30 on 2026-11-03 in New York; in UTC the 4th has begun. */
const options = { now: new Date("2026-11-04T04:30:00Z"), timeZone: "America/New_York" };
const today = "2026-11-03";
/** The day before began half an hour more than 184 days ago, because the clocks have gone back since. */
const earliest = "2026-05-05";
const check = (fields: unknown) => checkCollectRequest(fields, options);

describe("an analytics request is refused", () => {
  const invalid: readonly [string, unknown, string][] = [
    ["with an unknown field", { form: today }, "form: not a known field"],
    ["with a field of archive-calls", { relist: true }, "relist: a field of archive-calls"],
    ["with a date that does not exist", { days: ["2026-02-30"] }, "days.0: expected a date that exists"],
    ["with a day that has not begun", { days: ["2026-11-04"] }, "days: 2026-11-04 has not begun"],
    [
      "with a day before RingCentral's memory",
      { days: [addDays(earliest, -1)] },
      `no analytics of days before ${earliest}`,
    ],
    ["with a span that begins there", { from: "2026-01-01", to: today }, `from: RingCentral has no analytics`],
    [
      "with an unknown group, and the error says which was meant",
      { days: [today], groups: ["Queus"] },
      "groups.0: unknown group; did you mean Queues?",
    ],
    ["with groups that are no list", { days: [today], groups: "Users" }, "groups: expected a list of groups"],
    ["with no group in its list", { days: [today], groups: [] }, "groups: must contain a group"],
    ["for groups without days", { groups: ["Users"] }, "groups: needs days, or from and to"],
    ["with several errors, all of them reported together", { days: ["x"], groups: ["y"] }, "groups.0: unknown group"],
  ];

  test.each(invalid)("%s", (_what, fields, error) => {
    const { errors: fieldErrors, request } = check(fields);

    expect(fieldErrors.join("; ")).toContain(error);
    expect(request).toEqual({ days: [] });
  });

  test("as a whole if it is no object", () => {
    for (const fields of ["everything", 7, null, []]) expect(check(fields).errors).not.toEqual([]);
  });
});

test("at any hour and season, the earliest day is the first that began within the last 184 days", () => {
  const zones = fc.constantFrom(options.timeZone, "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana", "UTC");
  const years = { min: new Date("2024-01-01"), max: new Date("2030-01-01"), noInvalidDate: true };
  fc.assert(
    fc.property(fc.date(years), zones, (now, timeZone) => {
      const memory = new Date(now.getTime() - 184 * 24 * 3_600_000);
      const day = earliestAnalyticsDay(now, timeZone);

      expect(spanOf(day, timeZone).from.getTime()).toBeGreaterThan(memory.getTime());
      expect(spanOf(addDays(day, -1), timeZone).from.getTime()).toBeLessThanOrEqual(memory.getTime());
    }),
  );
});

describe("an analytics request is accepted", () => {
  test.each([
    ["that names nothing, as the night's", {}, { days: [] }],
    ["that names days, each once and in order", { days: [today, earliest, today] }, { days: [earliest, today] }],
    ["that names a span", { from: "2026-11-01", to: today }, { days: ["2026-11-01", "2026-11-02"] }],
    [
      "that names groups, each once",
      { days: [today], groups: ["Users", "Company", "Users"] },
      { days: [today], groups: ["Company", "Users"] },
    ],
  ])("%s", (_what, fields, request) => {
    expect(check(fields)).toEqual({ errors: [], request });
  });

  test("and is then valid for a run, for any fields", () => {
    const fields = fc.record(
      {
        days: fc.subarray(daysBetween(earliest, addDays(today, 1)), { minLength: 1, maxLength: 5 }),
        groups: fc.subarray([...groups], { minLength: 1 }),
      },
      { requiredKeys: ["days"] },
    );
    fc.assert(
      fc.property(fields, (requested) => {
        const { errors, request } = check(requested);

        expect(errors).toEqual([]);
        expect(CollectRequest.parse(JSON.parse(JSON.stringify(request)))).toEqual(request);
      }),
    );
  });
});
