import { describe, expect, test } from "vitest";
import type { Bucket } from "../../../shared/aws/bucket.ts";
import { requiredDatasets } from "../../../shared/core/analytics/analytics-aggregate.ts";
import { archiveKeys, dayInKey } from "../../../shared/core/object-keys.ts";
import { observedBucket } from "../../support/build-tables/observed-bucket.ts";
import {
  type AnalyticsWorld,
  account,
  analyticsWorldAfter,
  openAnalyticsWorld,
} from "../../support/collect-analytics/analytics-world.ts";
import { expectGroundTruth } from "../../support/collect-analytics/ground-truth.ts";
import { queriedDays, writtenResponses } from "../../support/collect-analytics/sent-queries.ts";
import { smallSettings } from "../../support/collect-analytics/small-account.ts";
import { manifestsIn, rowsOf, standings } from "../../support/collect-analytics/stored-responses.ts";

const [first, second, third, fourth] = ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"] as const;
const afterOneNight = analyticsWorldAfter({}, (world) => world.run());
const parts = requiredDatasets(smallSettings);

const keysOf = (day: string) => parts.map((part) => archiveKeys.responses(account, day, part));

/** Returns the numbers of every dataset, by the key of its object. */
async function numbersByKey(world: AnalyticsWorld, days: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const day of days) {
    for (const part of parts) {
      const numbers = JSON.stringify(await rowsOf(world.archive, day, part));
      found.set(archiveKeys.responses(account, day, part), numbers);
    }
  }
  return found;
}

describe("the next night", () => {
  test("collects again only the days that may still change, and writes only changed objects", async () => {
    const world = await afterOneNight();

    const night = await world.nextNight();

    expect(queriedDays(night)).toEqual(new Set([second, third, fourth]));
    expect(writtenResponses(night)).toEqual(keysOf(fourth).sort());
    expect(night.metrics).toMatchObject({ AnalyticsDaysCollected: 3 });
    expect(night.metrics.AnalyticsDaysChanged).toBeUndefined();
    expect(await standings(world.archive)).toEqual({
      ...{ [first]: "closed", [second]: "closed" },
      ...{ [third]: "open may-change", [fourth]: "open may-change" },
    });
  });

  test("closes a day for good once its numbers have stayed the same long enough, without requesting it again", async () => {
    const world = await afterOneNight();
    await world.nextNight();
    await world.nextNight();
    const before = (await manifestsIn(world.archive)).get(third);

    const night = await world.nextNight();

    expect(before).toMatchObject({ status: "closed", datasets: [{ collections: { length: 3 } }, {}, {}, {}] });
    expect(queriedDays(night)).not.toContain(third);
    expect((await manifestsIn(world.archive)).get(third)).toEqual(before);
  });

  test.each([
    ["change a day after they were first reported", { differs: { changingShare: 0.4 } }],
    ["come late", { lateByMinutes: 12 * 60 }],
  ])("replaces exactly the changed objects if calls %s, and reports of how many days", async (_what, analytics) => {
    const world = await openAnalyticsWorld({ account: { analytics } });
    await world.run();
    const days = [second, third];
    const before = await numbersByKey(world, days);

    const night = await world.nextNight();

    const after = await numbersByKey(world, days);
    const changed = [...after].flatMap(([key, numbers]) => (before.get(key) === numbers ? [] : [key]));
    expect(changed.length).toBeGreaterThan(0);
    expect(writtenResponses(night)).toEqual([...changed, ...keysOf(fourth)].sort());
    expect(night.metrics.AnalyticsDaysChanged).toBe(new Set(changed.map(dayInKey)).size);
    await expectGroundTruth(world, days);
  });

  test("with another group in the settings collects that group of every day, and closes them again", async () => {
    const world = await afterOneNight();

    const night = await world.nextNight({ groups: ["Company", "Users", "Queues"] });

    expect(writtenResponses(night).filter((key) => key.includes("Queues"))).toHaveLength(8);
    const again = night.requested.filter((request) => !request.includes('"Queues"'));
    expect(queriedDays({ ...night, requested: again })).toEqual(new Set([second, third, fourth]));
    expect((await standings(world.archive))[first]).toBe("closed");
  });

  test("with other metrics in the settings replaces what is collected again and leaves closed days unchanged", async () => {
    const world = await afterOneNight();

    const night = await world.nextNight({ chosen: ["allCalls"] });

    expect(writtenResponses(night)).toEqual([second, third, fourth].flatMap(keysOf).sort());
  });
});

describe("a run that was killed before it stored its collections", () => {
  test("leaves no settled day open: the next run stores them without a request", async () => {
    const world = await afterOneNight();
    await world.nextNight({ through: withoutManifests });
    expect((await standings(world.archive))[second]).toBe("open may-change");

    const { metrics } = await world.run({ run: "the one after" });

    expect(await standings(world.archive)).toMatchObject({ [second]: "closed" });
    expect(metrics.AnalyticsDaysCollected).toBe(2);
  });
});

/** Returns S3 without the permission to write manifests. */
function withoutManifests(bucket: Bucket): Bucket {
  return observedBucket(bucket, (_when, operation, key) => {
    if (operation === "replace" && key.includes("/manifests/")) throw new Error("S3 is gone");
  });
}
