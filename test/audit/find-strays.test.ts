import { describe, expect, test } from "vitest";
import { findDerivedStrays, findStateStrays, findStrays } from "../../shared/audit/find-strays.ts";
import { type Bucket, toBody } from "../../shared/aws/bucket.ts";
import { aggregateKeys, derivedKeys, stateKeys } from "../../shared/core/object-keys.ts";
import type { JobDeployment } from "../../shared/job-deployment.ts";
import { jobs } from "../../shared/jobs.ts";
import { withObservedKeys } from "../support/build-tables/observed-bucket.ts";
import { smallAccount } from "../support/collect-analytics/small-account.ts";
import { enterFastWorld } from "../support/enter-fast-world.ts";
import { memoryBucket } from "../support/storage/memory-bucket.ts";

const account = "7";
const finders = { archive: findStrays, state: findStateStrays, derived: findDerivedStrays } as const;
type Name = keyof typeof finders;

async function straysIn(name: Name, bucket: Bucket): Promise<string[]> {
  const found: string[] = [];
  for await (const { code, bucket: where = "archive", key } of finders[name](bucket))
    found.push(`${code} ${where} ${key}`);
  return found;
}

async function bucketWith(keys: readonly string[]): Promise<Bucket> {
  const bucket = memoryBucket();
  for (const key of keys) await bucket.put(key, toBody("x"), "text/plain");
  return bucket;
}

const manifest = aggregateKeys.calls.manifest(account, "2026-11-01");

describe("an object that no job writes is found", () => {
  test.each<[Name, string]>([
    ["archive", "reports/foo.html"],
    ["archive", "manifests/account=7/other.json"],
    ["state", "reports/foo.html"],
    ["state", "analytics/other/x.json"],
    ["state", "owners/no-such-job.json"],
    ["state", "owners/archive-calls.json.bak"],
    ["state", "pauses/no-such-job.json"],
    ["state", "accounts/other.json"],
    ["state", "tokens/x/y.json"],
    ["state", "index/account=7.json"],
    ["state", "analytics/index/account=7/x.json.gz"],
    ["state", "access/oldest.json"],
    ["derived", "reports/foo.html"],
    ["derived", "tables"],
    ["derived", "built/other.json"],
    ["derived", "z"],
  ])("in the %s bucket: %s", async (name, key) => {
    const bucket = await bucketWith([...(name === "archive" ? [manifest] : []), key]);

    expect(await straysIn(name, bucket)).toEqual([`object-unexpected ${name} ${key}`]);
  });
});

test("every key of a small prefix that a job or a command writes is ours", async () => {
  const jobNames = Object.keys(jobs);
  const state = await bucketWith([
    ...jobNames.flatMap((job) => [stateKeys.owner(job), stateKeys.pause(job)]),
    ...[stateKeys.account, stateKeys.token("a b"), stateKeys.newestAccessReport, stateKeys.accessProbe],
    ...[
      stateKeys.accessReport("run 1"),
      aggregateKeys.calls.dayIndex(account),
      aggregateKeys.analytics.dayIndex("a/b"),
    ],
  ]);
  const derived = await bucketWith([derivedKeys.tablesBuildIndex, derivedKeys.table("calls", "2026-11-01")]);

  expect([...(await straysIn("state", state)), ...(await straysIn("derived", derived))]).toEqual([]);
});

test("nights of all jobs leave no object that counts as unexpected, in any bucket", async () => {
  const world = await enterFastWorld({
    account: { ...smallAccount, firstDay: "2026-11-01" },
    environment: { ANALYTICS_GROUPS: "Company", ANALYTICS_METRICS: "allCalls" },
  });
  await world.night();
  await world.nextNight();

  const { archive, state, derived } = world;

  expect([
    ...(await straysIn("archive", archive)),
    ...(await straysIn("state", state)),
    ...(await straysIn("derived", derived)),
  ]).toEqual([]);
});

test.each(["state", "derived"] as const)(
  "the %s bucket is listed by a request for each gap between prefixes, and for each small prefix",
  async (name) => {
    const prefixes = Object.values<JobDeployment>(jobs).flatMap(({ writes, writesOnly, reads }) =>
      [writes, writesOnly, reads].flatMap((each) => each?.[name] ?? []),
    );
    const many = prefixes.flatMap((prefix) => Array.from({ length: 50 }, (_, n) => `${prefix}${n}.json`));
    const { bucket, keys } = withObservedKeys(await bucketWith(many));

    await straysIn(name, bucket);

    expect(keys("list").length).toBeLessThanOrEqual(2 * new Set(prefixes).size + 1);
  },
);
