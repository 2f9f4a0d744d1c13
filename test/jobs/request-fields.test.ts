import { expect, test } from "vitest";
import { type JobName, jobs } from "../../shared/jobs.ts";
import { enterFastWorld } from "../support/enter-fast-world.ts";
import type { FastWorld } from "../support/fast-world.ts";

const names = Object.keys(jobs) as JobName[];

/** Returns the errors of a request for `job` with this field. */
async function errorsOf(world: FastWorld, job: JobName, field: string): Promise<string> {
  const { response } = await world.sendRequest({ job, [field]: "no value of any field" });
  return "errors" in response ? response.errors.join("\n") : "";
}

test.each(names)("the request fields of %s are those that its check knows, and no other job's", async (job) => {
  const world = await enterFastWorld();
  for (const field of jobs[job].requestFields) {
    const own = await errorsOf(world, job, field);
    expect(own).toContain(field);
    expect(own).not.toMatch(/a field of|not a known field/);
    for (const other of names.filter((name) => name !== job))
      expect(await errorsOf(world, other, field)).toBe(`${field}: a field of ${job}`);
  }
});

test("every field that a job's check knows is listed for the job", () => {
  const known = ["relist", "acceptShrunk", "groups", "rebuild", "parts"];

  const missing = known.filter((field) => !names.some((job) => jobs[job].requestFields.some((each) => each === field)));

  expect(missing).toEqual([]);
});
