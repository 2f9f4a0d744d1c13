import { describe, expect, test } from "vitest";
import type { Bucket } from "../../shared/aws/bucket.ts";
import { wantedParts } from "../../shared/core/analytics/book.ts";
import { archiveKeys, dayInKey } from "../../shared/core/object-keys.ts";
import { watched } from "../tables/watched-bucket.ts";
import { type AnalyticsRun, type AnalyticsWorld, account, inS3, openAnalyticsWorld } from "./analytics-world.ts";
import { smallSettings } from "./small-account.ts";
import { manifestsIn, rowsOf, standings } from "./stored-answers.ts";
import { numbersIn, trueNumbers } from "./true-numbers.ts";

const [first, second, third, fourth] = ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"] as const;
const parts = wantedParts(smallSettings);

const daysAsked = ({ asked }: AnalyticsRun) =>
  new Set(asked.map((request) => /"timeFrom":"([\d-]+)/.exec(request)?.[1] ?? ""));
const answersWritten = ({ written }: AnalyticsRun) => written.filter((key) => key.includes("/answers/")).sort();
const keysOf = (day: string) => parts.map((part) => archiveKeys.answers(account, day, part));

/** The numbers of every part, by the key of its object. */
async function numbersByKey(world: AnalyticsWorld, days: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const day of days) {
    for (const part of parts) {
      const numbers = JSON.stringify(await rowsOf(world.archive, day, part));
      found.set(archiveKeys.answers(account, day, part), numbers);
    }
  }
  return found;
}

async function expectTrue(world: AnalyticsWorld, days: readonly string[]): Promise<void> {
  for (const day of days) {
    for (const { group, interval } of parts) {
      const truth = trueNumbers(world.ringCentral(), day, { group, chosen: smallSettings.chosen });
      expect(numbersIn(await rowsOf(world.archive, day, { group, interval }))).toEqual(truth);
    }
  }
}

describe("the next night", () => {
  test("collects again only the days that may still change, and writes no object where nothing has", async () => {
    const world = await openAnalyticsWorld({ buckets: inS3 });
    await world.run();

    const night = await world.nextNight();

    expect(daysAsked(night)).toEqual(new Set([second, third, fourth]));
    expect(answersWritten(night)).toEqual(keysOf(fourth).sort());
    expect(night.told).toMatchObject({ AnalyticsDays: 3 });
    expect(night.told.AnalyticsDaysChanged).toBeUndefined();
    expect(await standings(world.archive)).toEqual({
      ...{ [first]: "closed", [second]: "closed" },
      ...{ [third]: "open may-change", [fourth]: "open may-change" },
    });
  });

  test("closes a day for good once its numbers have been the same long enough: it is not asked for again", async () => {
    const world = await openAnalyticsWorld();
    await world.run();
    await world.nextNight();
    await world.nextNight();
    const before = (await manifestsIn(world.archive)).get(third);

    const night = await world.nextNight();

    expect(before).toMatchObject({ status: "closed", groups: [{ collections: { length: 3 } }, {}, {}, {}] });
    expect(daysAsked(night)).not.toContain(third);
    expect((await manifestsIn(world.archive)).get(third)).toEqual(before);
  });

  test.each([
    ["change a day after they were first told", { differs: { changingShare: 0.4 } }],
    ["come late", { lateByMinutes: 12 * 60 }],
  ])("replaces exactly what is not as it was where calls %s, and says of how many days", async (_what, analytics) => {
    const world = await openAnalyticsWorld({ account: { analytics } });
    await world.run();
    const days = [second, third];
    const before = await numbersByKey(world, days);

    const night = await world.nextNight();

    const after = await numbersByKey(world, days);
    const changed = [...after].flatMap(([key, numbers]) => (before.get(key) === numbers ? [] : [key]));
    expect(changed.length).toBeGreaterThan(0);
    expect(answersWritten(night)).toEqual([...changed, ...keysOf(fourth)].sort());
    expect(night.told.AnalyticsDaysChanged).toBe(new Set(changed.map(dayInKey)).size);
    await expectTrue(world, days);
  });

  test("with another group in the settings, collects that of every day, and closes them again", async () => {
    const world = await openAnalyticsWorld();
    await world.run();

    const night = await world.nextNight({ groups: ["Company", "Users", "Queues"] });

    expect(answersWritten(night).filter((key) => key.includes("Queues"))).toHaveLength(8);
    const again = night.asked.filter((request) => !request.includes('"Queues"'));
    expect(daysAsked({ ...night, asked: again })).toEqual(new Set([second, third, fourth]));
    expect((await standings(world.archive))[first]).toBe("closed");
  });

  test("with other metrics in the settings, replaces what is collected again and leaves what is closed", async () => {
    const world = await openAnalyticsWorld();
    await world.run();

    const night = await world.nextNight({ chosen: ["allCalls"] });

    expect(answersWritten(night)).toEqual([second, third, fourth].flatMap(keysOf).sort());
  });
});

describe("a run that was killed before it noted what it had collected", () => {
  test("leaves nothing open that is settled: the next run notes it, though nothing of it is asked for", async () => {
    const world = await openAnalyticsWorld();
    await world.run();
    await world.nextNight({ through: withoutManifests });
    expect((await standings(world.archive))[second]).toBe("open may-change");

    await world.run({ run: "the one after" });

    expect(await standings(world.archive)).toMatchObject({ [second]: "closed" });
  });
});

/** S3, but that no manifest can be written there. */
function withoutManifests(bucket: Bucket): Bucket {
  return watched(bucket, (_when, operation, key) => {
    if (operation === "replace" && key.includes("/manifests/")) throw new Error("S3 is gone");
  });
}

describe("on demand", () => {
  test("a person's days are asked for first, though they are closed, and the night's after them", async () => {
    const world = await openAnalyticsWorld();
    await world.run();

    const run = await world.nextNight({ request: { days: [first] } });

    expect([...daysAsked(run)][0]).toBe(first);
    expect(daysAsked(run)).toEqual(new Set([first, fourth, third, second]));
    expect(new Set(run.asked).size).toBe(run.asked.length);
  });

  test("only the groups that were named are asked for of those days", async () => {
    const world = await openAnalyticsWorld();
    await world.run();
    await world.nextNight();

    const run = await world.run({ run: "by hand", request: { days: [first, fourth], groups: ["Sites", "Users"] } });

    const ofFirst = run.asked.filter((request) => request.includes(`"timeFrom":"${first}`));
    expect(ofFirst.map((request) => /"groupBy":"(\w+)"/.exec(request)?.[1]).sort()).toEqual([
      "Sites",
      "Sites",
      "Users",
      "Users",
    ]);
    expect(answersWritten(run)).toEqual(
      [first, fourth]
        .flatMap((day) => [`${day}/Sites-day`, `${day}/Sites-hour`])
        .map((name) => expect.stringContaining(name)),
    );
    expect((await standings(world.archive))[first]).toBe("closed");
  });

  test("a day that has not ended yet is collected as far as it has come, and again when it has", async () => {
    const world = await openAnalyticsWorld();
    await world.run({ request: { days: [fourth] } });
    expect((await standings(world.archive))[fourth]).toBe("open may-change");

    const night = await world.nextNight();

    expect(daysAsked(night)).toContain(fourth);
    await expectTrue(world, [fourth]);
  });

  test("a day before the archive's beginning is collected where it is asked for, and by no night", async () => {
    const world = await openAnalyticsWorld();
    await world.run({ archiveFrom: second });
    expect(Object.keys(await standings(world.archive))).toEqual([second, third]);

    await world.run({ archiveFrom: second, run: "by hand", request: { days: [first] } });

    expect(await standings(world.archive)).toMatchObject({ [first]: "closed" });
  });

  test("a day that could not be collected is asked for again by the next night, though it was closed", async () => {
    const world = await openAnalyticsWorld();
    await world.run();
    await world.becomes({ analytics: { refuse: { Users: 404 } } });
    await world.run({ run: "by hand", request: { days: [first] } });
    expect((await standings(world.archive))[first]).toBe("open incomplete");
    await world.becomes({ analytics: {} });

    const night = await world.nextNight();

    expect(night.error).toBeUndefined();
    expect(await standings(world.archive)).toMatchObject({ [first]: "closed" });
  });
});
