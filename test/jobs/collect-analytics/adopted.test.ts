import { describe, expect, test } from "vitest";
import { type Bucket, toBody } from "../../../shared/aws/bucket.ts";
import { analyticsAggregate } from "../../../shared/core/analytics/analytics-aggregate.ts";
import { groups } from "../../../shared/core/analytics/analytics-names.ts";
import { aggregateKeys, archiveKeys } from "../../../shared/core/object-keys.ts";
import { addDays, daysBetween } from "../../../shared/core/time/days.ts";
import { JobError } from "../../../shared/errors.ts";
import { findDaysToCollect } from "../../../shared/jobs/collect-analytics/find-days-to-collect.ts";
import type { AnalyticsServices } from "../../../shared/jobs/collect-analytics/services.ts";
import { createDayStore } from "../../../shared/storage/day-store.ts";
import { account, newYork, openAnalyticsWorld } from "../../support/collect-analytics/analytics-world.ts";
import { standings } from "../../support/collect-analytics/stored-responses.ts";
import { memoryBucket } from "../../support/storage/memory-bucket.ts";

const [first, third] = ["2026-11-01", "2026-11-03"] as const;
const dayMs = 24 * 3_600_000;

/** Hides the archive from a run that ends before it has stored anything. */
const neverFiled = (bucket: Bucket): Bucket => ({
  ...bucket,
  replace: async (key, ...write) => {
    if (key.startsWith("analytics/")) throw new JobError("STORAGE_FAILED", "the container has gone");
    return bucket.replace(key, ...write);
  },
});

/** Settings by which days are collected once. */
const once = { archiveFrom: third, recollectDays: 1 };

describe("a response that a run has fetched and not stored", () => {
  test("is stored by the next run, which sends no request again", async () => {
    const world = await openAnalyticsWorld();
    const cut = await world.run({ ...once, through: neverFiled });
    world.clock.advance(60_000);

    const next = await world.run(once);

    expect(cut.error).toBeDefined();
    expect(cut.requested.length).toBeGreaterThan(0);
    expect([next.error, next.requested]).toEqual([undefined, []]);
    expect(await standings(world.archive)).toEqual({ [third]: "closed" });
  });

  test("is skipped if another run has stored newer numbers meanwhile", async () => {
    const world = await openAnalyticsWorld();
    await world.run({ ...once, through: neverFiled, run: "cut" });
    const isAside = (key: string) => key.startsWith(`analytics/queries/account=${account}/planned/cut.`);
    const aside: string[] = [];
    const withoutAside = (bucket: Bucket): Bucket => ({
      ...bucket,
      async *list(prefix) {
        for await (const each of bucket.list(prefix)) {
          if (isAside(each.key)) aside.push(each.key);
          else yield each;
        }
      },
    });
    await world.nextNight({ ...once, through: withoutAside });
    const manifest = async () => {
      const stored = await world.archive.get(aggregateKeys.analytics.manifest(account, third));
      return JSON.parse(stored?.body.toString() ?? "{}").datasets;
    };
    const before = await manifest();
    world.clock.advance(60_000);

    await world.run(once);

    expect(aside.length).toBeGreaterThan(0);
    expect(await manifest()).toEqual(before);
  });
});

test("an object that differs from its manifest is collected again, even if the day is closed", async () => {
  const world = await openAnalyticsWorld();
  await world.run({ archiveFrom: third });
  world.clock.advance(3 * dayMs);
  await world.run({ archiveFrom: third });
  expect((await standings(world.archive))[third]).toBe("closed");
  const key = archiveKeys.responses(account, third, { group: "Company", interval: "Day" });
  await world.archive.put(key, toBody("of a run that was killed before it wrote it down"), "application/gzip");
  // Without its index the run reads every day again, as it does after 30 days.
  await world.state.put(aggregateKeys.analytics.dayIndex(account), toBody("damaged"), "application/gzip");

  await world.nextNight({ archiveFrom: third });

  const manifest = JSON.parse(
    (await world.archive.get(aggregateKeys.analytics.manifest(account, third)))?.body.toString() ?? "",
  );
  const dataset = manifest.datasets.find(({ object }: { object: { key: string } }) => object.key === key);
  expect((await world.archive.head(key))?.etag).toBe(dataset.object.etag);
});

test("for any number of days and groups, a step's result stays far below the limit of a checkpoint", async () => {
  const rules = { groups, recollectDays: 3 };
  const now = () => new Date("2026-11-04T08:45:00Z");
  const s = {
    ...{
      archive: memoryBucket({}),
      state: memoryBucket({}),
      rules,
      aggregate: analyticsAggregate(rules),
      timeZone: newYork,
      now,
    },
    ...{ archiveFrom: addDays(first, -200), run: { name: "run", manual: true }, log: { info: () => {} } },
  } as unknown as AnalyticsServices;
  const store = createDayStore({ ...s, account });

  const opened = await findDaysToCollect({ ...s, dayStore: () => store }, account, {
    days: daysBetween(addDays(first, -180), first),
    groups: [...groups],
  });

  expect(opened.queries).toBeGreaterThan(500);
  expect(JSON.stringify(opened).length).toBeLessThan(16 * 1024);
});
