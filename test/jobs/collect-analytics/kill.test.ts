import { describe, expect, test } from "vitest";
import { type Bucket, toBody } from "../../../shared/aws/bucket.ts";
import type { AnalyticsManifest } from "../../../shared/core/analytics/analytics-manifest.ts";
import { aggregateKeys, archiveKeys } from "../../../shared/core/object-keys.ts";
import {
  type AnalyticsWorld,
  account,
  openAnalyticsWorld,
  type RunOptions,
} from "../../support/collect-analytics/analytics-world.ts";
import { manifestsIn } from "../../support/collect-analytics/stored-responses.ts";
import type { Death } from "../../support/fast-run.ts";
import type { ArchiveWorld } from "../../support/storage/archive-world.ts";
import { expectChain, readLedgerManifests } from "../../support/storage/read-ledger.ts";

/** One day by itself and two in spans. */
const settings = { chosen: ["allCalls"], recollectDays: 1 } as const;
/** All but the sums of the one day are on two pages. */
const onPages = { ...settings, groups: ["Users"] } as const;
const onOnePage = { ...settings, groups: ["Company"] } as const;
const generous = { limit: 100_000, windowMs: 60_000, penaltyMs: 60_000 };
const start = new Date("2026-11-04T08:45:00Z");
const run = "the run";

async function openWorld(): Promise<AnalyticsWorld> {
  const calls = { perDay: 5 };
  const limits = { light: generous, auth: generous };
  return openAnalyticsWorld({
    start,
    limits,
    requestsPerSecond: 1_000,
    account: { organisation: { users: 21 }, calls },
  });
}

interface Buckets {
  readonly archive: Bucket;
  readonly state: Bucket;
}

/** The same world at the same hour with nothing stored yet. */
function emptied(world: AnalyticsWorld, name: string) {
  world.clock.advance(start.getTime() - world.clock.now());
  return world.afresh(name);
}

/** Returns what a run leaves, without its writer and time. */
async function leftBy({ archive }: Buckets) {
  const responses: Record<string, string | undefined> = {};
  for await (const { key } of archive.list(archiveKeys.responsesPrefix(account))) {
    responses[key] = (await archive.head(key))?.sha256;
  }
  return { responses, manifests: [...(await manifestsIn(archive)).values()].map(timeless) };
}

function timeless({ day, status, openReasons, datasets }: AnalyticsManifest) {
  return {
    ...{ day, status, openReasons },
    datasets: datasets.map(({ collections, object, ...entry }) => ({
      ...entry,
      object: object && [object.key, object.sha256],
      fingerprint: collections.at(-1)?.fingerprint,
    })),
  };
}

/** Checks the laws of the ledger, and that its last hash of every day is the stored manifest's. */
async function expectLedger({ archive }: Buckets): Promise<void> {
  // The calls' ledger is where the laws look; this one is kept likewise, in a folder of its own.
  const ofAnalytics = { ...archive, list: (prefix: string) => archive.list(`analytics/${prefix}`) };
  const world = { archive: ofAnalytics } as ArchiveWorld;
  await expectChain(world);
  const entered = new Map((await readLedgerManifests(world)).flat().map((each) => [each.slice(0, 10), each]));
  const manifests: string[] = [];
  for (const [day] of await manifestsIn(archive)) {
    const { body } = (await archive.get(aggregateKeys.analytics.manifest(account, day))) ?? { body: "" };
    manifests.push(`${day} ${toBody(body).sha256}`);
  }
  expect([...entered.values()].sort()).toEqual(manifests);
}

/** Returns what an undisturbed run leaves, and the kind of each of its operations. */
async function undisturbed(world: AnalyticsWorld, of: RunOptions) {
  const fresh = await emptied(world, "undisturbed");
  const kinds: string[] = [];
  const onRequest: RunOptions["onRequest"] = ({ counts, operation, target }, stage) => {
    if (counts && stage === "sent") kinds.push(`${operation} ${kindOf(target)}`);
  };
  const { error, requested, operations } = await fresh.run({ ...of, run, onRequest });
  expect(error).toBeUndefined();
  expect(kinds).toHaveLength(operations);
  return { left: await leftBy(fresh), kinds, requested: requested.length };
}

/** The folder of a key, or the path of an endpoint. */
const kindOf = (target: string) =>
  target
    .split("/")
    .filter((part) => /^[a-z~-]+$/.test(part))
    .join("/");

/**
 * Returns a kill for each kind of operation: before or after the chosen one. With EVERY_CELL=1 every operation is killed,
 * alternately before and after it: what happens after an operation happens before the next one.
 */
function deaths(
  kinds: readonly string[],
  choose: <T>(ofKind: readonly T[]) => T | undefined,
  when: Death["when"],
): Death[] {
  const all = kinds.map((kind, n) => ({ kind, operation: n + 1 }));
  const chosen = new Set([...Map.groupBy(all, ({ kind }) => kind).values()].map(choose));
  if (!process.env.EVERY_CELL)
    return [...chosen].flatMap((each) => (each ? [{ operation: each.operation, when }] : []));
  const other = when === "after" ? "before" : "after";
  return all.map(({ operation }, n) => ({ operation, when: n % 2 === 0 ? when : other }));
}

const theFirst = <T>(ofKind: readonly T[]) => ofKind[0];
const theLast = <T>(ofKind: readonly T[]) => ofKind.at(-1);

const requestsTo = (world: AnalyticsWorld) => {
  const { analyticsAggregation = 0, analyticsTimeline = 0 } = world.ringCentral().counters().byEndpoint;
  return analyticsAggregation + analyticsTimeline;
};

describe("if a container dies, before or after any write to S3 or request to RingCentral,", () => {
  test("the run continues in another and leaves the same as an undisturbed one, without requesting a stored page", async () => {
    const world = await openWorld();
    const { left, kinds, requested } = await undisturbed(world, onPages);
    expect(new Set(kinds).size).toBeGreaterThanOrEqual(17);

    for (const death of deaths(kinds, theLast, "after")) {
      const fresh = await emptied(world, `${death.when} ${death.operation}`.replace(" ", "-"));
      const before = requestsTo(world);
      const { report, containers, keptPages } = await withPages(fresh.run({ ...onPages, run, death }));

      expect([death, report?.status, containers]).toEqual([death, "finished", 2]);
      expect([death, await leftBy(fresh)]).toEqual([death, left]);
      expect([death, new Set(keptPages).size]).toEqual([death, keptPages.length]);
      expect(keptPages.length).toBeGreaterThanOrEqual(requested);
      // What was under way was lost, and nothing else.
      expect(requestsTo(world) - before).toBeLessThan(2 * requested);
      await expectLedger(fresh);
    }
  });

  test("the next run leaves the same as an undisturbed one", async () => {
    const world = await openWorld();
    const { left, kinds } = await undisturbed(world, onOnePage);

    for (const death of deaths(kinds, theFirst, "before")) {
      const fresh = await emptied(world, `${death.when}-${death.operation}`);
      await fresh.run({ ...onOnePage, run, death, goesOn: false });

      const { error } = await fresh.run({ ...onOnePage, run: "the next run" });

      expect([death, error]).toEqual([death, undefined]);
      expect([death, await leftBy(fresh)]).toEqual([death, left]);
      await expectLedger(fresh);
    }
  });
});

/** With the keys of the responses that were kept, once for each time. */
async function withPages(running: ReturnType<AnalyticsWorld["run"]>) {
  const done = await running;
  return { ...done, keptPages: done.keptInState.filter((key) => /\/queries\/.*\/responses\//.test(key)) };
}
