import { beforeAll, expect, test } from "vitest";
import { keptAggregates } from "../../shared/audit/audited-aggregates.ts";
import { toBody } from "../../shared/aws/bucket.ts";
import { Env } from "../../shared/contract.ts";
import { aggregates } from "../../shared/core/day-aggregate.ts";
import { stateKeys } from "../../shared/core/object-keys.ts";
import { rotationParts } from "../../shared/core/rotation.ts";
import { type JobName, jobs, jobsInTurn } from "../../shared/jobs.ts";
import type { OpenRequestCheck } from "../../shared/wiring/request-check.ts";
import { createContainer, type OnRequest } from "../support/container.ts";
import type { FastRunOptions } from "../support/fast-run.ts";
import { type FastWorld, newYork, openFastWorld } from "../support/fast-world.ts";
import { rightsOf } from "../support/infra/resources.ts";
import { templateOf } from "../support/infra/stack.ts";

/** One use of S3, or one right to it: `read`, `write` or `list`, the bucket, and a key or prefix. */
interface Use {
  readonly action: string;
  readonly bucket: string;
  readonly key: string;
}

const names = ["start-run", ...Object.keys(jobs)] as const;
const used = new Map<string, Use[]>(names.map((name) => [name, []]));
const usesOf = (name: string) => used.get(name) ?? [];
const firstDay = "2026-11-01";

/** More than one page of the call log. */
const callLog = { maxPerPage: 5 };
const plannedCalls = Array.from({ length: callLog.maxPerPage + 1 }, (_, n) => ({
  id: `many-${n}`,
  startTime: `${firstDay}T15:00:00.000Z`,
}));
const limits = { heavy: { limit: 3, windowMs: 60_000, penaltyMs: 60_000 } };

/** Half of the recordings are never found: they stay due. */
const recordings = { bytes: 500, neverShare: 0.5 };

/** Runs nights from the first on, in which a rate window ends between two pages, a day is listed again, and a state bucket is lost. */
beforeAll(async () => {
  const environment = { [Env.analyticsGroups]: "Company" };
  const world = await openFastWorld({
    account: { firstDay, calls: { perDay: 2 }, callLog, plannedCalls, recordings },
    ...{ limits, environment },
  });
  try {
    for (let night = 0; night < 3; night++) {
      await estimateAll(world, "first-state");
      for (const job of jobsInTurn) await run(world, job);
      world.clock.advance(24 * 3_600_000);
    }
    await run(world, "archive-calls", { request: { days: ["2026-11-02"], relist: true } });
    await loseState(world);
    await tamper(world);
    await run(world, "verify-archive", { request: { parts: rotationParts } });
  } finally {
    world.close();
  }
}, 300_000);

/** Changes a manifest, an object of each aggregate and what is in the derived bucket, so that a verification looks for what runs were about to write. */
async function tamper({ archive, state, derived, clock }: FastWorld) {
  for (const { root } of Object.values(aggregates)) {
    if (root === aggregates.verifications.root) continue;
    for await (const { key } of archive.list(`${root}manifests/`)) {
      const manifest = JSON.parse((await archive.get(key))?.body.toString() ?? "");
      const revised = { ...manifest, revision: manifest.revision + 2 };
      await archive.put(key, toBody(JSON.stringify(revised)), "application/json");
      // The tables of the other days are still those of their manifests.
      break;
    }
  }
  const account = (await state.get(stateKeys.account))?.body.toString() ?? "";
  const { id } = JSON.parse(account);
  for (const prefix of (await keptAggregates()).flatMap(({ prefixes }) => prefixes(id)))
    for await (const { key } of archive.list(prefix)) await archive.put(key, toBody("forged"), "text/plain");
  for (const prefix of ["tables/", "figures/", "pages/"])
    for await (const { key } of derived.list(prefix)) await derived.put(key, toBody("forged"), "text/plain");
  clock.advance(2 * 3_600_000);
}

async function run(world: FastWorld, job: JobName, options: FastRunOptions = {}) {
  const { error } = await world.run(job, { onRequest: noteUses(job), ...options });
  if (error) throw error;
}

/** Runs each other job that logs in a second time on the same day, then it and its estimates over a new state bucket that has only the cached account. */
async function loseState(world: FastWorld) {
  const others = jobsInTurn.filter((job) => job !== "archive-calls" && jobs[job].scopes.length > 0);
  for (const [index, job] of others.entries()) {
    await run(world, job);
    const { name, state } = await world.stack(`lost${index}`);
    await run(world, job, { environment: { [Env.stateBucket]: `${name}-state` } });
    const account = await world.state.get(stateKeys.account);
    await state.put(stateKeys.account, toBody(account?.body ?? ""), "application/json");
    await estimateAll(world, `${name}-state`);
  }
}

/** Returns the S3 operations of `start-run` for a request, by the jobs' own checks. */
async function estimateAll({ aws, ringCentral, during }: FastWorld, stateBucket: string) {
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const metrics = { add: () => {}, set: () => {}, publish: () => {} };
  const { outside } = createContainer({
    ...{ aws: aws.unsignedHandler, fetch: ringCentral().fetch, log, metrics },
    onRequest: noteUses("start-run"),
  });
  const environment = {
    [Env.archiveBucket]: "first-archive",
    [Env.stateBucket]: stateBucket,
    [Env.derivedBucket]: "first-derived",
    [Env.timeZone]: newYork,
    [Env.archiveFrom]: firstDay,
  };
  await during(async () => {
    for (const job of Object.keys(jobs) as JobName[]) {
      const { check }: { readonly check: OpenRequestCheck } = await import(`../../shared/jobs/${job}/check.ts`);
      const { estimate, pauseOf } = await check(environment, outside)({});
      await estimate();
      await pauseOf(job);
    }
  });
}

const actions: Readonly<Record<string, string>> = {
  GetObject: "read",
  HeadObject: "read",
  PutObject: "write",
  ListObjectsV2: "list",
};

function noteUses(name: string): OnRequest {
  return ({ operation, target }, stage) => {
    const [, bucket, key] = /^\w+-(archive|state|derived)\/(.*)$/.exec(target) ?? [];
    if (stage !== "sent" || bucket === undefined || key === undefined) return;
    used.get(name)?.push({ action: actions[operation] ?? operation, bucket, key });
  };
}

const template = templateOf();

/** Every prefix that a function's role may use. */
function grantsOf(name: string): Use[] {
  return rightsOf(template, name).flatMap(({ action, resource, condition }) => {
    const operation = action.replace("s3:", "").replace("ListBucket", "ListObjectsV2");
    const [, bucket = "", pattern] = /^<Buckets(Archive|State|Derived)\w+\.Arn>(?:\/(.*)\*)?$/.exec(resource) ?? [];
    const listed = (condition as { StringLike?: { "s3:prefix"?: string[] } } | undefined)?.StringLike?.["s3:prefix"];
    const keys = pattern === undefined ? (listed ?? []).map((each) => each.replace(/\*$/, "")) : [pattern];
    return keys.map((key) => ({ action: actions[operation] ?? operation, bucket: bucket.toLowerCase(), key }));
  });
}

const covers = (grant: Use, use: Use) =>
  grant.action === use.action && grant.bucket === use.bucket && use.key.startsWith(grant.key);
const textOf = ({ action, bucket, key }: Use) => `${action} ${bucket} ${key}`;

test.each(names)("%s does nothing in S3 that its role does not allow", (name) => {
  const beyond = usesOf(name).filter((use) => !grantsOf(name).some((grant) => covers(grant, use)));

  expect(usesOf(name)).not.toEqual([]);
  expect(beyond.map(textOf)).toEqual([]);
});

test.each(names)("%s has no right in S3 that it does not use", (name) => {
  // Whoever reads a key that may be missing has to be allowed to list it: else S3 says 403 instead of 404.
  const uses = usesOf(name).flatMap((use) => (use.action === "read" ? [use, { ...use, action: "list" }] : [use]));

  expect(grantsOf(name)).not.toEqual([]);
  expect(
    grantsOf(name)
      .filter((grant) => !uses.some((use) => covers(grant, use)))
      .map(textOf),
  ).toEqual([]);
});
