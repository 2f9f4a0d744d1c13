import { expect, test } from "vitest";
import { type JobName, jobs } from "../../shared/jobs.ts";

type Check = (fields: unknown, options: object) => { readonly errors: readonly string[] };

const names = Object.keys(jobs) as JobName[];
const checks = Object.fromEntries(
  await Promise.all(
    names.map(async (name) => {
      const { check: _opened, ...checks } = await import(`../../shared/jobs/${name}/check.ts`);
      return [name, ...Object.values<Check>(checks)];
    }),
  ),
) as Readonly<Record<JobName, Check>>;
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
