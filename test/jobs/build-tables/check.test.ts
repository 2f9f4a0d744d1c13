import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays } from "../../../shared/core/time/days.ts";
import { checkTablesRequest } from "../../../shared/jobs/build-tables/check.ts";
import { estimateTables } from "../../../shared/jobs/build-tables/estimate.ts";
import { TablesRequest } from "../../../shared/jobs/build-tables/request.ts";
import { runTables } from "../../support/build-tables/run-tables.ts";
import { sampleDay } from "../../support/build-tables/sample-days.ts";
import { memoryBuckets, openTablesWorld } from "../../support/build-tables/tables-world.ts";

/** 23:30 on 2026-11-03 in New York; in UTC the 4th has begun. */
const options = { now: new Date("2026-11-04T04:30:00Z"), timeZone: "America/New_York" };
const today = "2026-11-03";
const check = (fields: unknown) => checkTablesRequest(fields, options);

describe("a tables request is refused", () => {
  test.each<[string, unknown, string]>([
    ["with another job's field", { days: [today], relist: true }, "relist: a field of archive-calls"],
    ["with a word where it has to be true or false", { rebuild: "yes" }, "rebuild: expected true or false"],
    ["with a day that has not begun", { days: ["2026-11-04"] }, "days: 2026-11-04 has not begun"],
    ["with an empty span", { from: today, to: today }, "to: must be after from"],
    ["that is a list", [today], "(whole): "],
    ["that is nothing", null, "(whole): "],
  ])("%s", (_what, fields, error) => {
    const { errors, request } = check(fields);

    expect(errors.join("; ")).toContain(error);
    expect(request).toEqual({ days: [], rebuild: false });
  });
});

describe("a tables request is accepted", () => {
  test("without any field", () => {
    expect(check({})).toEqual({ errors: [], request: { days: [], rebuild: false } });
  });

  test("to build every day again", () => {
    expect(check({ rebuild: true })).toEqual({ errors: [], request: { days: [], rebuild: true } });
  });

  test("for days of any age, because archived days may be built", () => {
    expect(check({ from: "2020-02-28", to: "2020-03-01" })).toEqual({
      errors: [],
      request: { days: ["2020-02-28", "2020-02-29"], rebuild: false },
    });
  });
});

test("any accepted request is valid for the job, and any refused one says why", () => {
  const day = fc.integer({ min: -500, max: 3 }).map((count) => addDays(today, count));
  const anything = fc.oneof(day, fc.jsonValue({ maxDepth: 1 }), fc.array(day));
  const fields = fc.dictionary(fc.constantFrom("from", "to", "days", "rebuild", "other"), anything);
  fc.assert(
    fc.property(fields, (given) => {
      const { errors, request } = check(given);

      expect(TablesRequest.safeParse(request).success).toBe(true);
      expect(request.days.every((each) => each <= today)).toBe(true);
      expect("other" in given && errors.length === 0).toBe(false);
    }),
  );
});

describe("an estimate of build-tables", () => {
  const cost = { usdAtLeast: 0.01 };
  const nothing = { days: 0, cost, upToDate: [], notArchived: [], hints: [] };

  test("has no days before any other job has run, and says so", async () => {
    const day = "2026-11-01";

    expect(await estimateTables(memoryBuckets(), check({ days: [day] }).request)).toEqual({
      ...{ ...nothing, notArchived: [day] },
      hints: [
        "Start another job first: no job has archived anything yet.",
        expect.stringContaining("Archive the days in notArchived first"),
      ],
    });
  });

  test("has the days that a run would build, with the first and the last", async () => {
    const world = await openTablesWorld();
    for (const day of ["2026-11-02", "2026-10-01", "2026-11-01"]) await world.give(sampleDay(day, 1));

    expect(await estimateTables(world, check({ days: ["2026-11-02"] }).request)).toEqual({
      ...{ ...nothing, days: 3, firstDay: "2026-10-01", lastDay: "2026-11-02" },
    });
    await runTables(world);
    expect(await estimateTables(world, check({}).request)).toEqual(nothing);
    expect(await estimateTables(world, check({ days: ["2026-11-01"], rebuild: true }).request)).toEqual({
      ...{ ...nothing, days: 1, firstDay: "2026-11-01", lastDay: "2026-11-01" },
    });
  });

  test("names requested days that are up to date or not archived, with a hint", async () => {
    const world = await openTablesWorld();
    for (const day of ["2026-11-02", "2026-11-01"]) await world.give(sampleDay(day, 1));
    await runTables(world);
    await world.give(sampleDay("2026-11-02", 2));

    const { request } = check({ days: ["2026-10-05", "2026-11-01", "2026-11-02"] });

    expect(await estimateTables(world, request)).toEqual({
      ...{ days: 1, firstDay: "2026-11-02", lastDay: "2026-11-02", cost },
      ...{ upToDate: ["2026-11-01"], notArchived: ["2026-10-05"] },
      hints: [
        expect.stringContaining('Add "rebuild": true'),
        expect.stringContaining("Archive the days in notArchived first"),
      ],
    });
  });
});
