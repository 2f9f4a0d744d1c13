import { expect, test } from "vitest";
import { openAnalyticsWorld } from "../../support/collect-analytics/analytics-world.ts";
import { expectGroundTruth } from "../../support/collect-analytics/ground-truth.ts";
import { queriedDays, writtenResponses } from "../../support/collect-analytics/sent-queries.ts";
import { standings } from "../../support/collect-analytics/stored-responses.ts";

const [first, second, third, fourth] = ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"] as const;

test("requested days come first, even if they are closed, and the night's days after them", async () => {
  const world = await openAnalyticsWorld();
  await world.run();

  const run = await world.nextNight({ request: { days: [first] } });

  expect([...queriedDays(run)][0]).toBe(first);
  expect(queriedDays(run)).toEqual(new Set([first, fourth, third, second]));
  expect(new Set(run.requested).size).toBe(run.requested.length);
});

test("only the requested groups are collected for the requested days", async () => {
  const world = await openAnalyticsWorld();
  await world.run();
  await world.nextNight();

  const run = await world.run({ run: "manual", request: { days: [first, fourth], groups: ["Sites", "Users"] } });

  const ofFirst = run.requested.filter((request) => request.includes(`"timeFrom":"${first}`));
  expect(ofFirst.map((request) => /"groupBy":"(\w+)"/.exec(request)?.[1]).sort()).toEqual([
    "Sites",
    "Sites",
    "Users",
    "Users",
  ]);
  expect(writtenResponses(run)).toEqual(
    [first, fourth]
      .flatMap((day) => [`${day}/Sites-day`, `${day}/Sites-hour`])
      .map((name) => expect.stringContaining(name)),
  );
  expect((await standings(world.archive))[first]).toBe("closed");
});

test("a day that has not ended yet is collected up to now, and again when it has ended", async () => {
  const world = await openAnalyticsWorld();
  await world.run({ request: { days: [fourth] } });
  expect((await standings(world.archive))[fourth]).toBe("open may-change");

  const night = await world.nextNight();

  expect(queriedDays(night)).toContain(fourth);
  await expectGroundTruth(world, [fourth]);
});

test("a day before the archive's beginning is collected if it is requested, and by no night", async () => {
  const world = await openAnalyticsWorld();
  await world.run({ archiveFrom: second });
  expect(Object.keys(await standings(world.archive))).toEqual([second, third]);

  await world.run({ archiveFrom: second, run: "manual", request: { days: [first] } });

  expect(await standings(world.archive)).toMatchObject({ [first]: "closed" });
});

test("a requested day that could not be collected is collected by the next night, even if it was closed", async () => {
  const world = await openAnalyticsWorld();
  await world.run();
  await world.becomes({ analytics: { refuse: { Users: 404 } } });
  await world.run({ run: "manual", request: { days: [first] } });
  expect((await standings(world.archive))[first]).toBe("open incomplete");
  await world.becomes({ analytics: {} });

  const night = await world.nextNight();

  expect(night.error).toBeUndefined();
  expect(await standings(world.archive)).toMatchObject({ [first]: "closed" });
});
