import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, daysBetween } from "../../../shared/core/time/days.ts";
import { checkArchiveRequest } from "../../../shared/jobs/archive-calls/check.ts";
import { ArchiveRequest } from "../../../shared/jobs/archive-calls/request.ts";

/** 23:30 on 2026-11-03 in New York; in UTC the 4th has begun. */
const options = { now: new Date("2026-11-04T04:30:00Z"), timeZone: "America/New_York" };
const today = "2026-11-03";
const nothing: ArchiveRequest = { days: [], relist: false, acceptShrunk: false };
const check = (fields: unknown) => checkArchiveRequest(fields, options);

describe("an archive request is refused", () => {
  const invalid: readonly [string, object, string][] = [
    ["with an unknown field", { form: "2026-11-01" }, "form: not a known field"],
    ["with a field in the wrong case", { dryrun: true }, "dryrun: not a known field; did you mean dryRun?"],
    ["with a field of build-tables", { rebuild: true }, "rebuild: a field of build-tables"],
    ["with a field of collect-analytics", { groups: ["Users"] }, "groups: a field of collect-analytics"],
    [
      "with a field of another job, misspelt",
      { rebuld: true },
      "rebuld: not a known field; did you mean rebuild, a field of build-tables?",
    ],
    [
      "with a date that does not exist",
      { days: ["2026-02-30"] },
      'days.0: expected a date that exists, YYYY-MM-DD (given: "2026-02-30")',
    ],
    ["with a date that is no text", { from: 20_261_101, to: "2026-11-02" }, "from: expected a date"],
    ["with days that are no list", { days: "2026-11-01" }, "days: expected a list of dates"],
    ["with from after to", { from: "2026-11-02", to: "2026-11-01" }, "to: must be after from"],
    [
      "with from equal to to, which is no day at all",
      { from: "2026-11-02", to: "2026-11-02" },
      "to: must be after from",
    ],
    ["with from alone", { from: "2026-11-02" }, "to: is missing"],
    ["with to alone", { to: "2026-11-02" }, "from: is missing"],
    ["with a day that has not begun in the archive's zone", { days: ["2026-11-04"] }, "days: 2026-11-04 has not begun"],
    [
      "with a span that begins in time to come",
      { from: "2026-11-05", to: "2026-11-06" },
      "from: 2026-11-05 has not begun",
    ],
    [
      "with a span that ends in time to come",
      { from: "2026-11-01", to: "2026-11-05" },
      "to: the day before 2026-11-05",
    ],
    ["with days and a span", { days: [today], from: today, to: "2026-11-04" }, "days: must not be combined"],
    ["with no day in its list", { days: [] }, "days: is empty"],
    [
      "with a day before RingCentral's memory",
      { days: ["2024-01-01"] },
      'days: RingCentral lists no calls before 2025-09-29 (given: "2024-01-01")',
    ],
    ["with a span that begins there", { from: "0001-01-01", to: "2026-11-02" }, "from: RingCentral lists no calls"],
    ["to list again without saying what", { relist: true }, "relist: needs days, or from and to"],
    [
      "to believe whatever lacks without saying where",
      { acceptShrunk: true },
      "acceptShrunk: needs days, or from and to",
    ],
    ["to believe it with a word", { days: [today], acceptShrunk: 1 }, "acceptShrunk: expected true or false"],
    ["to list again with a word", { days: [today], relist: "yes" }, "relist: expected true or false"],
  ];

  test.each(invalid)("%s", (_what, fields, error) => {
    const { errors: fieldErrors, request } = check(fields);

    expect(fieldErrors.join("; ")).toContain(error);
    expect(request).toEqual(nothing);
  });

  test.each([
    ["no object", "everything"],
    ["a list", [today]],
    ["nothing", null],
  ])("if it is %s", (_what, fields) => {
    expect(check(fields).errors).not.toEqual([]);
  });

  test("with all its errors in one response", () => {
    const fields = {
      form: 1,
      from: "2026-02-30",
      to: "2026-12-24",
      days: ["2026-11-01", "x", "2026-11-30"],
      relist: "no",
    };

    const { errors: fieldErrors } = check(fields);

    const about = ["form: ", "from: ", "to: ", "days.1: ", "days: must not", "days: 2026-11-30", "relist: "];
    for (const name of about) expect(fieldErrors.filter((each) => each.startsWith(name))).toHaveLength(1);
    expect(fieldErrors).toHaveLength(about.length);
  });

  test("without quoting a possible phone number or address, or the value of an unknown field", () => {
    const { errors: fieldErrors } = check({
      ...{ from: "+1 (415) 555-0100", to: 4_155_550_100, relist: "ops@example.com", note: "do-not-quote" },
      days: ["415-555-0100", "o".repeat(33)],
    });

    expect(fieldErrors.filter((each) => each.includes("(given: "))).toEqual([]);
    expect(fieldErrors.join()).not.toMatch(/415|ops|do-not-quote/);
  });
});

describe("an archive request is accepted", () => {
  test("without any field, as for a scheduled night", () => {
    expect(check({})).toEqual({ errors: [], request: nothing });
  });

  test("for today, which has begun and may be half a day", () => {
    expect(check({ days: [today] })).toEqual({ errors: [], request: { ...nothing, days: [today] } });
  });

  test("up to and including today, because `to` is exclusive", () => {
    const { errors, request } = check({ from: "2026-11-01", to: "2026-11-04" });

    expect([errors, request.days]).toEqual([[], ["2026-11-01", "2026-11-02", today]]);
  });

  test("to accept what the days' listings lack", () => {
    expect(check({ days: [today], acceptShrunk: true }).request.acceptShrunk).toBe(true);
  });

  test("with days in order, each once", () => {
    const days = ["2026-11-02", "2026-11-01", "2026-11-02"];

    const { request } = check({ days, relist: true });

    expect(request).toEqual({ ...nothing, days: ["2026-11-01", "2026-11-02"], relist: true });
  });
});

test("any accepted request is valid for the job, and any refused one says why", () => {
  const day = fc.integer({ min: -500, max: 3 }).map((count) => addDays(today, count));
  const anything = fc.oneof(day, fc.jsonValue({ maxDepth: 1 }), fc.array(day));
  const fields = fc.dictionary(fc.constantFrom("from", "to", "days", "relist", "acceptShrunk", "other"), anything);
  fc.assert(
    fc.property(fields, (given) => {
      const { errors, request } = check(given);

      expect(ArchiveRequest.safeParse(request).success).toBe(true);
      expect(request.days.every((each) => each <= today)).toBe(true);
      if (errors.length === 0 && typeof given.from === "string") {
        expect(request.days).toEqual(daysBetween(given.from, String(given.to)));
      }
    }),
  );
});
