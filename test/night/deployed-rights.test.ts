import { describe, expect, test } from "vitest";
import type { Rights } from "../../lab/aws/rights.ts";
import { Env } from "../../shared/contract.ts";
import { bucketNames } from "../../shared/job-deployment.ts";
import { type JobName, jobs } from "../../shared/jobs.ts";
import { deployedRights } from "../support/deployed-rights.ts";
import { enterFastWorld } from "../support/enter-fast-world.ts";
import type { FastWorld } from "../support/fast-world.ts";

/** Half of the recordings are never found: they stay due. */
const account = { calls: { perDay: 4 }, recordings: { bytes: 500, neverShare: 0.5 } };
const environment = { [Env.analyticsGroups]: "Company", [Env.analyticsMetrics]: "allCalls" };
const buckets = { archive: "first-archive", state: "first-state", derived: "first-derived" };
const names = Object.keys(jobs) as JobName[];

async function dryRun(world: FastWorld, job: JobName, rights: Rights) {
  world.aws.setRights(rights);
  return (await world.sendRequest({ job, dryRun: true })).response;
}

test("the deployed permissions are sufficient for dry runs and nights, from the first, and missing keys are seen as missing", async () => {
  const world = await enterFastWorld({ account, environment });

  for (let night = 0; night < 2; night++) {
    for (const job of names) {
      expect(await dryRun(world, job, deployedRights("start-run", buckets))).toMatchObject({ dryRun: true });
      world.aws.setRights(deployedRights(job, buckets));
      expect((await world.run(job)).error, `${job}, night ${night}`).toBeUndefined();
    }
    world.clock.advance(24 * 3_600_000);
  }
  expect(world.aws.counters().refused).not.toHaveProperty("403 AccessDenied");
});

describe("a role that may not list a bucket, to which S3 answers 403 for a missing key,", () => {
  const without = (rights: Rights, bucket: string): Rights => {
    const { gets = [], puts = [] } = rights[bucket] ?? {};
    return { ...rights, [bucket]: { gets, puts, lists: [] } };
  };

  test.each(bucketNames)(
    "is reported by the first dry run of every job that is estimated from it, in the %s bucket",
    async (name) => {
      const world = await enterFastWorld({ account, environment });
      const bucket = buckets[name];
      const jobsOfBucket = names.filter((job) => name in jobs[job].estimateReads);

      expect(jobsOfBucket).not.toEqual([]);
      for (const job of jobsOfBucket) {
        const answer = await dryRun(world, job, without(deployedRights("start-run", buckets), bucket));

        expect(answer).toEqual({
          ...{ started: false, code: "STORAGE_FAILED" },
          message: expect.stringMatching(new RegExp(`^HeadObject s3://${bucket}/\\S+ answered 403$`)),
          hint: expect.stringMatching(/npx cdk diff.*s3:ListBucket.*bucket's policy.*the key's policy/),
        });
      }
    },
  );

  test.each(names)("fails a run of %s at its first request, with the same hint", async (job) => {
    const world = await enterFastWorld({ account, environment });
    world.aws.setRights(without(deployedRights(job, buckets), buckets.state));

    const { error } = await world.run(job);

    expect(error).toMatchObject({ code: "STORAGE_FAILED", retryable: false });
    expect(error?.message).toMatch(/^(?:HeadObject|GetObject) s3:\/\/first-state\/\S+ answered 403/);
    expect(error?.hint).toContain("without s3:ListBucket a missing key is also a 403");
  });

  test("does not keep a schedule from starting its job, whose own role may be right, if the archive is concerned", async () => {
    const world = await enterFastWorld({ account, environment });
    world.aws.setRights(without(deployedRights("start-run", buckets), buckets.archive));

    const { response } = await world.sendRequest({ job: "archive-calls", scheduledTime: "2026-11-04T08:30:00Z" });

    expect(response).toMatchObject({ started: true });
  });
});
