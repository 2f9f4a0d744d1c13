import { expect, test } from "vitest";
import { checkArchiveRequest } from "../../shared/jobs/archive-calls/check-request.ts";
import { checkTablesRequest } from "../../shared/jobs/build-tables/check-request.ts";
import { checkCollectRequest } from "../../shared/jobs/collect-analytics/check-request.ts";
import { type JobName, jobs } from "../../shared/jobs.ts";

const checks = {
  "archive-calls": checkArchiveRequest,
  "collect-analytics": checkCollectRequest,
  "build-tables": checkTablesRequest,
} satisfies Record<JobName, unknown>;
const names = Object.keys(jobs) as JobName[];
const options = { now: new Date("2026-11-05T09:00:00Z"), timeZone: "UTC" };
const errorsOf = (job: JobName, field: string) => checks[job]({ [field]: 7 }, options).errors.join("\n");

test.each(names)("the request fields of %s are those that its check knows, and no other job's", (job) => {
  const other = (Object.keys(checks) as JobName[]).filter((name) => name !== job);
  const fields = jobs[job].requestFields;

  expect(fields.filter((field) => errorsOf(job, field).includes("a field of"))).toEqual([]);
  expect(fields.filter((field) => errorsOf(job, field).includes("not a known field"))).toEqual([]);
  for (const name of other)
    expect(fields.map((field) => errorsOf(name, field))).toEqual(fields.map((field) => `${field}: a field of ${job}`));
});

test("every field that a job's check knows is listed for the job", () => {
  const known = ["relist", "acceptShrunk", "groups", "rebuild"];

  const missing = known.filter((field) => !names.some((job) => jobs[job].requestFields.some((each) => each === field)));

  expect(missing).toEqual([]);
});
