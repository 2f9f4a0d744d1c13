import { describe, expect, test } from "vitest";
import { type Bucket, bytesBody } from "../../shared/aws/bucket.ts";
import type { AnalyticsManifest } from "../../shared/core/analytics/manifest.ts";
import { archiveKeys, bookKeys } from "../../shared/core/object-keys.ts";
import type { ArchiveWorld } from "../storage/archive-world.ts";
import { enteredIn, expectChain } from "../storage/ledger-of.ts";
import {
  type AnalyticsWorld,
  account,
  type Buckets,
  inMemory,
  openAnalyticsWorld,
  type RunOptions,
} from "./analytics-world.ts";
import { type Death, mortal } from "./mortal.ts";
import { manifestsIn } from "./stored-answers.ts";

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
  return openAnalyticsWorld({ start, limits, account: { organisation: { users: 21 }, calls } });
}

/** The same world at the same hour with nothing stored yet. */
async function emptied({ clock, archive }: AnalyticsWorld) {
  clock.advance(start.getTime() - clock.now());
  const fresh = await inMemory(clock);
  return { fresh, through: (bucket: Bucket) => (bucket === archive ? fresh.archive : fresh.state) };
}

/** What a run leaves behind, but for who wrote it when. */
async function leftBy({ archive }: Buckets) {
  const answers: Record<string, string | undefined> = {};
  for await (const { key } of archive.list(archiveKeys.allAnswers(account))) {
    answers[key] = (await archive.head(key))?.sha256;
  }
  return { answers, manifests: [...(await manifestsIn(archive)).values()].map(timeless) };
}

function timeless({ day, status, open, groups }: AnalyticsManifest) {
  return {
    ...{ day, status, open },
    groups: groups.map(({ collections, object, ...entry }) => ({
      ...entry,
      object: object && [object.key, object.sha256],
      fingerprint: collections.at(-1)?.fingerprint,
    })),
  };
}

/** The laws of the ledger hold, and its last word on every day is the manifest that lies there. */
async function expectLedger({ archive }: Buckets): Promise<void> {
  // The calls' ledger is where the laws look; this one is kept likewise, in a folder of its own.
  const ofAnalytics = { ...archive, list: (prefix: string) => archive.list(`analytics/${prefix}`) };
  const world = { archive: ofAnalytics } as ArchiveWorld;
  await expectChain(world);
  const entered = new Map((await enteredIn(world)).flat().map((each) => [each.slice(0, 10), each]));
  const manifests: string[] = [];
  for (const [day] of await manifestsIn(archive)) {
    const { body } = (await archive.get(bookKeys.analytics.manifest(account, day))) ?? { body: "" };
    manifests.push(`${day} ${bytesBody(body).sha256}`);
  }
  expect([...entered.values()].sort()).toEqual(manifests);
}

/** What an undisturbed run leaves, and of how many operations it is. */
async function undisturbed(world: AnalyticsWorld, of: RunOptions) {
  const { fresh, through } = await emptied(world);
  const container = mortal({ operation: Number.POSITIVE_INFINITY, when: "before" });
  const { error, asked } = await world.run({
    ...of,
    ...{ run, fetch: container.fetch, through: (bucket) => container.through(through(bucket)) },
  });
  expect(error).toBeUndefined();
  return { left: await leftBy(fresh), operations: container.operations(), asked: asked.length };
}

/** One for each operation, by turns before and after it: what took effect before the next did so after this. */
function everyDeath(operations: number, [one, other]: readonly [Death["when"], Death["when"]]): Death[] {
  return Array.from({ length: operations }, (_, n) => ({ operation: n + 1, when: n % 2 === 0 ? one : other }));
}

const requestsTo = (world: AnalyticsWorld) => {
  const { analyticsAggregation = 0, analyticsTimeline = 0 } = world.ringCentral().counters().byEndpoint;
  return analyticsAggregation + analyticsTimeline;
};

describe("wherever a container dies, before or after any write to S3 or request to RingCentral,", () => {
  test("the run that goes on in another leaves what an undisturbed one does, and asks for no page that was kept", async () => {
    const world = await openWorld();
    const { left, operations, asked } = await undisturbed(world, onPages);
    expect(operations).toBeGreaterThan(30);

    for (const death of everyDeath(operations, ["after", "before"])) {
      const { fresh, through } = await emptied(world);
      const before = requestsTo(world);
      const container = mortal(death);
      const { report } = await world.run({
        ...onPages,
        ...{ run, fetch: container.fetch, engine: container.engine },
        through: (bucket) => container.through(through(bucket)),
      });

      expect([death, report?.status, container.hasDied()]).toEqual([death, "done", true]);
      expect([death, await leftBy(fresh)]).toEqual([death, left]);
      const pages = container.kept.filter((key) => /\/pages\/.*\/answers\//.test(key));
      expect([death, new Set(pages).size]).toEqual([death, pages.length]);
      expect(pages.length).toBeGreaterThanOrEqual(asked);
      // What was under way was lost, and nothing else.
      expect(requestsTo(world) - before).toBeLessThan(2 * asked);
      await expectLedger(fresh);
    }
  });

  test("the next run leaves what an undisturbed one does", async () => {
    const world = await openWorld();
    const { left, operations } = await undisturbed(world, onOnePage);

    for (const death of everyDeath(operations, ["before", "after"])) {
      const { fresh, through } = await emptied(world);
      const container = mortal(death);
      const dying = { fetch: container.fetch, through: (bucket: Bucket) => container.through(through(bucket)) };
      await world.run({ ...onOnePage, ...dying, run });

      const { error } = await world.run({ ...onOnePage, through, run: "the next run" });

      expect([death, error]).toEqual([death, undefined]);
      expect([death, await leftBy(fresh)]).toEqual([death, left]);
      await expectLedger(fresh);
    }
  });
});
