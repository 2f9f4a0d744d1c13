import { describe, expect, test } from "vitest";
import { type Estimate, estimateLines } from "../../cli/estimate-lines.ts";

const rateLimit = { requestsPerMinute: 40, isAssumed: false };
const some: Estimate = {
  days: 1,
  firstDay: "2026-11-04",
  lastDay: "2026-11-04",
  requestsAtLeast: 5,
  minutesAtLeast: 0,
  rateLimit,
};
const linesOf = (estimate: Estimate | null, job = "archive-calls") => estimateLines(job, estimate, "2026-11-06");

describe("an estimate", () => {
  test("that failed is said to be unknown", () => {
    expect(linesOf(null)).toEqual(["archive-calls: what it will do could not be estimated."]);
  });

  test("of less than a minute is not said to take none", () => {
    expect(linesOf(some)).toEqual([
      "archive-calls: 1 day (4 Nov).",
      "At least 5 requests to RingCentral, which take less than a minute at 40 a minute.",
    ]);
  });

  test("of a job that works on no days does not say that none is due", () => {
    expect(linesOf({ requestsAtLeast: 1, minutesAtLeast: 0 }, "check-access")).toEqual([
      "check-access: its work is not counted in days, so that it is not estimated.",
    ]);
    expect(linesOf({ days: 0 })).toEqual(["archive-calls: no day is due."]);
  });

  test("of pages says how many are to be written, also where no day is to be read", () => {
    const lineOf = (days: number, pages: number) => linesOf({ days, pages }, "build-pages")[0];

    expect(lineOf(0, 9)).toBe("build-pages: 0 days to read, 9 pages to write.");
    expect(lineOf(1, 1)).toBe("build-pages: 1 day to read, 1 page to write.");
    expect(lineOf(0, 0)).toBe("build-pages: no page is due.");
  });

  test("of one request is in the singular", () => {
    expect(linesOf({ ...some, requestsAtLeast: 1 })[1]).toMatch(
      /^At least 1 request to RingCentral, which takes less than/,
    );
  });

  test("says what AWS charges, rounded up to cents", () => {
    const [, , line] = linesOf({ ...some, cost: { usdAtLeast: 0.0101, storageUsdPerMonth: 0.2 } });
    const [, , without] = linesOf({ ...some, cost: { usdAtLeast: 0.0001 } });

    expect(line).toBe("AWS charges at least $0.02, and $0.20 a month for storage.");
    expect(without).toBe("AWS charges at least $0.01.");
  });

  test("without a certain request says so, and lists what nobody can count", () => {
    const lines = linesOf({ ...some, requestsAtLeast: 0, notCounted: ["New recordings: a request for each."] });

    expect(lines.slice(1)).toEqual([
      "Whether it needs any request to RingCentral is not known yet.",
      "Not counted:",
      "  New recordings: a request for each.",
    ]);
  });

  test("names five skipped days as one may copy them into a command, and counts the others", () => {
    const days = ["2025-12-31", "2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"];
    const [five] = linesOf({ days: 0, closed: days });
    const [seven] = linesOf({ days: 0, closed: [...days, "2026-01-05", "2026-01-06"] });

    expect(five).toBe(
      "2025-12-31, 2026-01-01, 2026-01-02, 2026-01-03, 2026-01-04 are closed and skipped; add --relist to list again what is complete.",
    );
    expect(seven).toContain("2026-01-04, 2 more are closed");
  });

  test("of tables says which days are up to date or not archived, in place of the request's fields", () => {
    const hints = [
      'Add "rebuild": true to build the days in upToDate again; their tables are up to date.',
      "Archive first.",
    ];

    expect(linesOf({ days: 0, upToDate: ["2026-11-01"], notArchived: ["2026-11-09"], hints }, "build-tables")).toEqual([
      "2026-11-01 is up to date and skipped; add --rebuild to build again.",
      "2026-11-09 is not archived and skipped.",
      "build-tables: no day is due.",
      "Archive first.",
    ]);
  });
});
