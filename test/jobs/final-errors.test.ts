import { expect, test } from "vitest";
import { emptyTally } from "../../shared/core/whose-fault.ts";
import { JobError } from "../../shared/errors.ts";
import { incompleteCallDays } from "../../shared/jobs/archive-calls/incomplete-call-days.ts";
import { incompleteTables } from "../../shared/jobs/build-tables/build-days.ts";
import { incompleteAnalyticsDays } from "../../shared/jobs/collect-analytics/incomplete-analytics-days.ts";
import { unreadableDays, unreadableError } from "../../shared/storage/each-day.ts";

const days = ["2026-11-02", "2026-11-03"];
const failed = (count: number) => ({
  ...emptyTally,
  ...{ failed: count, firstFailed: "2026-11-02", failedByResult: { "Users API_REFUSED": count } },
});
const denied = new JobError("STORAGE_FAILED", "S3 denied the request");

test.each([
  ["archive-calls", (count: number) => incompleteCallDays([failed(count)]), "day", "days"],
  ["build-tables", (count: number) => incompleteTables(failed(count)), "day", "days"],
  ["collect-analytics", (count: number) => incompleteAnalyticsDays([failed(count)]), "query", "queries"],
  [
    "any job with unreadable days",
    (count: number) => unreadableError(unreadableDays(days.slice(0, count).map((day) => [day, denied]))),
    "day",
    "days",
  ],
] as const)(
  "the final error of %s counts one in the singular, and more in the plural",
  (_job, errorOf, singular, plural) => {
    expect(errorOf(1)?.message).toMatch(new RegExp(`\\b1 ${singular}\\b`));
    expect(errorOf(2)?.message).toMatch(new RegExp(`\\b2 ${plural}\\b`));
  },
);
