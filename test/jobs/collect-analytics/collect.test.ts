import { describe, expect, test } from "vitest";
import { metrics as allMetrics, defaultGroups } from "../../../shared/core/analytics/analytics-names.ts";
import { keysPerPage } from "../../../shared/core/analytics/analytics-query.ts";
import { addDays, daysBetween } from "../../../shared/core/time/days.ts";
import { openAnalyticsWorld } from "../../support/collect-analytics/analytics-world.ts";
import { expectGroundTruth } from "../../support/collect-analytics/ground-truth.ts";
import { longerThan, rejectQueries } from "../../support/collect-analytics/reject-queries.ts";
import { smallAccount, smallSettings } from "../../support/collect-analytics/small-account.ts";
import { rowsOf, standings } from "../../support/collect-analytics/stored-responses.ts";

const [first, second, third] = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;

test("a first night stores every number that RingCentral has of every group, by hour and by day", async () => {
  const account = { ...smallAccount, calls: { perDay: 20 } };
  const all = { ...smallSettings, groups: defaultGroups, chosen: allMetrics };
  const world = await openAnalyticsWorld({ account, sdk: true, start: new Date("2026-11-02T08:45:00Z") });

  const { report, metrics } = await world.run(all);

  expect(report).toMatchObject({ status: "finished", result: { days: 1, queries: 14 } });
  expect(metrics).toMatchObject({ TokenExchanges: 1, ApiRequests: 15, AnalyticsDaysCollected: 1 });
  await expectGroundTruth(world, [first], all);
  const company = { group: "Company", interval: "Hour" } as const;
  const hourly = (await rowsOf(world.archive, first, company)).filter(({ metric }) => metric === "callsByDirection");
  const { hours = [] } = world.ringCentral().analyticsTruth(first).days[first] ?? {};
  const callsIn = (hourStart: string | undefined, breakdown: string | undefined) =>
    hours
      .filter(
        ({ hour, direction }) => Date.parse(hour) === Date.parse(hourStart ?? "") && sameWord(direction, breakdown),
      )
      .reduce((sum, { calls }) => sum + calls, 0);
  expect(new Set(hourly.map(({ hourStart }) => hourStart)).size).toBe(25);
  expect(hourly.map(({ value }) => value)).toEqual(
    hourly.map(({ hourStart, breakdown }) => callsIn(hourStart, breakdown)),
  );
});

const sameWord = (a: string, b = "") => a.toLowerCase() === b.toLowerCase();

describe("requests of collect-analytics", () => {
  test("are as few as pages allow, and one for the account", async () => {
    const world = await openAnalyticsWorld({ account: { organisation: { users: 45, queues: 21 } } });

    const { requested, metrics } = await world.run({ groups: defaultGroups, archiveFrom: third });

    const { keys } = world.ringCentral().analyticsTruth();
    const ofADay = defaultGroups.flatMap((group) =>
      Object.values(keysPerPage).map((perPage) => Math.ceil(keys[group].length / perPage)),
    );
    expect(requested).toHaveLength(ofADay.reduce((sum, pages) => sum + pages));
    expect(metrics.ApiRequests).toBe(requested.length + 1);
    expect(world.ringCentral().counters().byGroup).toMatchObject({ light: requested.length + 1, heavy: 0, medium: 0 });
    await expectGroundTruth(world, [third], { ...smallSettings, groups: defaultGroups });
  });

  test("stay within RingCentral's limit for any number of windows, and no page is requested twice", async () => {
    const limits = { light: { limit: 5, windowMs: 60_000, penaltyMs: 60_000 } };
    const world = await openAnalyticsWorld({ account: { organisation: { users: 45 } }, limits });

    const { requested, metrics, report } = await world.run();

    expect(report?.status).toBe("finished");
    expect(requested.length).toBeGreaterThan(3 * limits.light.limit);
    expect(new Set(requested).size).toBe(requested.length);
    expect(metrics.RateLimited).toBeUndefined();
    expect(world.ringCentral().counters()).toMatchObject({
      limited: 0,
      insidePenalty: 0,
      tokenExchanges: { length: 1 },
    });
    await expectGroundTruth(world, [first, second, third]);
  });

  test("wait, in a second run at once, until those of the first have left the window", async () => {
    const limits = { light: { limit: 20, windowMs: 60_000, penaltyMs: 60_000 } };
    const world = await openAnalyticsWorld({ limits });

    await world.run({ run: "one" });
    const { report } = await world.run({ run: "another" });

    expect(report?.status).toBe("finished");
    expect(world.ringCentral().counters().limited).toBe(0);
  });
});

describe("a back-fill in spans", () => {
  const days = {
    account: { firstDay: "2026-10-31", organisation: { users: 21 } },
    start: new Date("2026-11-05T08:45:00Z"),
  };
  const yesterday = "2026-11-04";
  const settings = { archiveFrom: "2026-10-31", recollectDays: 1 };
  const back = daysBetween(settings.archiveFrom, yesterday);

  test("stores of each day its own numbers and no others, over a change of clocks, with far fewer requests", async () => {
    const world = await openAnalyticsWorld(days);

    const { requested } = await world.run(settings);

    await expectGroundTruth(world, [...back, yesterday]);
    expect(new Set(Object.values(await standings(world.archive)))).toEqual(new Set(["closed"]));
    // Of yesterday a page of each, but two of the users' hours; of the four days before a span of days and two of hours.
    expect(requested).toHaveLength(2 + 3 + (1 + 2) + 2 * (1 + 2));
    for (const day of back) {
      const rows = await rowsOf(world.archive, day, { group: "Users", interval: "Hour" });
      const hours = new Set(rows.map(({ hourStart }) => hourStart));
      expect(hours.size).toBe(day === first ? 25 : 24);
    }
  });

  test("stores the same rows as each day alone: none has changed when requested again one by one", async () => {
    const world = await openAnalyticsWorld(days);
    await world.run(settings);

    const { requested, metrics, written } = await world.run({
      ...settings,
      run: "again",
      request: { days: [...back] },
    });

    expect(new Set(requested).size).toBe(back.length * (2 + 3));
    expect(written.filter((key) => key.includes("/responses/"))).toEqual([]);
    expect(metrics.AnalyticsDaysChanged).toBeUndefined();
  });

  test("requests each half of a span that RingCentral refuses, until it is short enough", async () => {
    const world = await openAnalyticsWorld(days);

    const { report } = await world.run({ ...settings, fetch: rejectQueries(longerThan(1)) });

    expect(report?.status).toBe("finished");
    await expectGroundTruth(world, [...back, yesterday]);
  });

  test("leaves open only the day for which RingCentral gives no response, and collects all others", async () => {
    const world = await openAnalyticsWorld(days);
    const refused = addDays(yesterday, -3);

    const { error } = await world.run({
      ...settings,
      fetch: rejectQueries(({ from, last }) => from <= refused && refused <= last),
    });

    expect(error).toMatchObject({ code: "DAYS_INCOMPLETE" });
    expect(error?.message).toContain("Company (API_BAD_REQUEST CMN-101), Users (API_BAD_REQUEST CMN-101)");
    expect(await standings(world.archive)).toEqual(
      Object.fromEntries(
        [...back, yesterday].map((day) => [day, day === refused ? "open incomplete may-change" : "closed"]),
      ),
    );
  });

  test("requests a group that RingCentral never accepts for two single days, and not for every day", async () => {
    const world = await openAnalyticsWorld(days);

    const { error, requested } = await world.run({ ...settings, fetch: rejectQueries(() => true) });

    expect(error?.code).toBe("DAYS_INCOMPLETE");
    expect(requested.length).toBeLessThan(35);
  });
});
