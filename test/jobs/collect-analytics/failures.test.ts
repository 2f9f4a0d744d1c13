import { describe, expect, test } from "vitest";
import { type Bucket, toBody } from "../../../shared/aws/bucket.ts";
import { aggregateKeys } from "../../../shared/core/object-keys.ts";
import { account, openAnalyticsWorld } from "../../support/collect-analytics/analytics-world.ts";
import { diesBeforeStoring } from "../../support/collect-analytics/dies-before-storing.ts";
import { linesOf, rowsOf, standings } from "../../support/collect-analytics/stored-responses.ts";

const [second, third] = ["2026-11-02", "2026-11-03"] as const;

describe("pages that move while they are read", () => {
  const moving = { organisation: { users: 25 }, analytics: { turnsBetweenPages: 7 } };
  const hours = { group: "Users", interval: "Hour" } as const;

  test("are no collection of the dataset: no key counts twice, and the next run completes it", async () => {
    const world = await openAnalyticsWorld({ account: moving });

    const { error } = await world.run({ archiveFrom: third });
    const before = await standings(world.archive);
    await world.becomes({ analytics: {} });
    const night = await world.nextNight({ archiveFrom: third });

    expect(error?.message).toContain("lack Users (API_BAD_RESPONSE)");
    expect(before).toEqual({ [third]: "open incomplete may-change" });
    expect(night.error).toBeUndefined();
    expect((await standings(world.archive))[third]).toBe("open may-change");
    const rows = await rowsOf(world.archive, third, hours);
    const points = rows.map(({ key, hourStart, metric, breakdown }) => [key, hourStart, metric, breakdown].join(" "));
    expect(new Set(points).size).toBe(points.length);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(25);
  });

  test("leave the stored dataset unchanged", async () => {
    const world = await openAnalyticsWorld({ account: { ...moving, analytics: {} } });
    await world.run({ archiveFrom: third });
    const before = await linesOf(world.archive, third, hours);
    await world.becomes(moving);

    await world.nextNight({ archiveFrom: third });

    expect(await linesOf(world.archive, third, hours)).toEqual(before);
  });
});

describe("an undocumented value in a response", () => {
  const analytics = {
    corrupted: [
      { in: "counters", metric: "allCalls", value: null },
      { in: "timers", metric: "allCalls", value: "NaN" },
      { in: "counters", metric: "callsByDirection", part: "inbound", value: -1 },
      { in: "counters", metric: "callsByDirection", part: "sideways", value: 1e308 },
      { in: "counters", metric: "callsByMood", value: { glad: 3, sad: 0.5 } },
    ],
    extraFields: { "": "", beyond: { deep: [null] } },
  } as const;

  test("is stored as it came, and every number of it is a row, known or not", async () => {
    const world = await openAnalyticsWorld({ account: { analytics } });

    const { error } = await world.run({ archiveFrom: third });

    expect(error).toBeUndefined();
    const rows = await rowsOf(world.archive, third, { group: "Company", interval: "Day" });
    expect(rows.map(({ metric, breakdown, value }) => [metric, breakdown, value])).toEqual([
      ["allCalls", undefined, undefined],
      ["callsByDirection", "inbound", -1],
      ["callsByDirection", "outbound", expect.any(Number)],
      ["callsByDirection", "sideways", 1e308],
      ["callsByMood", "glad", 3],
      ["callsByMood", "sad", 0.5],
      ["allCallsDuration", undefined, undefined],
    ]);
    const [line] = await linesOf(world.archive, third, { group: "Company", interval: "Day" });
    expect(line).toMatchObject({
      request: { path: expect.stringContaining("aggregation"), body: { grouping: { groupBy: "Company" } } },
      response: { data: { records: [{ ...analytics.extraFields, counters: { allCalls: { values: null } } }] } },
    });
  });

  test("is no change if it is the same the next night", async () => {
    const world = await openAnalyticsWorld({ account: { analytics } });
    await world.run();

    const night = await world.nextNight();

    expect(night.metrics.AnalyticsDaysChanged).toBeUndefined();
  });
});

describe("a stored page that is damaged at once", () => {
  const damaged = (bucket: Bucket): Bucket => ({
    ...bucket,
    put: (key, body, contentType) => {
      const isHit = key.includes("/Users-Hour-2026-11-03") && key.endsWith(".gz");
      return bucket.put(key, isHit ? toBody("no gzip") : body, contentType);
    },
  });
  const hours = { group: "Users", interval: "Hour" } as const;

  test("is not read: its dataset is stored from memory", async () => {
    const world = await openAnalyticsWorld();

    const { error } = await world.run({ through: damaged });

    expect(error).toBeUndefined();
    expect(await rowsOf(world.archive, third, hours)).not.toEqual([]);
  });

  test("fails its dataset alone if its container dies, and the next run requests it again", async () => {
    const world = await openAnalyticsWorld();

    const { error, containers } = await world.run({ through: damaged, fate: diesBeforeStoring });
    const night = await world.nextNight();

    expect(containers).toBe(2);
    expect(error).toMatchObject({ code: "DAYS_INCOMPLETE" });
    expect(error?.message).toContain("lack Users (STORAGE_INVALID): 1 query failed");
    expect(night.error).toBeUndefined();
    expect(await rowsOf(world.archive, third, hours)).not.toEqual([]);
  });
});

describe("a page that is too large", () => {
  const tooLarge = { status: 200, body: { x: "x".repeat(17 * 1024 * 1024) } };
  const perPageOf = (request: string) => /perPage=(\d+)/.exec(request)?.[1];
  const hours = { group: "Users", interval: "Hour" } as const;

  test("of one day is requested with fewer keys, until it can be read", async () => {
    const on = { endpoint: "analyticsTimeline", path: "perPage=20" } as const;
    const world = await openAnalyticsWorld({ faults: [{ on, times: "always", what: tooLarge }] });

    const { error, requested } = await world.run({ groups: ["Users"], archiveFrom: third });

    expect(error).toBeUndefined();
    expect(requested.filter((request) => request.includes("timeline")).map(perPageOf)).toEqual(
      expect.arrayContaining(["20", "10"]),
    );
    expect(await rowsOf(world.archive, third, hours)).not.toEqual([]);
  });

  test("of one key fails only its query, after few requests, and says so", async () => {
    const world = await openAnalyticsWorld({
      faults: [{ on: "analyticsTimeline", times: "always", what: tooLarge }],
    });

    const { error, requested, written } = await world.run({ groups: ["Users"], archiveFrom: third });

    expect(error?.message).toContain("lack Users (API_TOO_LARGE)");
    expect(requested.filter((request) => request.includes("timeline")).map(perPageOf)).toEqual([
      "20",
      "10",
      "5",
      "2",
      "1",
    ]);
    expect(written.some((key) => key.endsWith("Users-day.jsonl.gz"))).toBe(true);
  });
});

describe("a temporary failure", () => {
  test.each([
    ["a penalty", { status: 429, penaltyMs: 40_000, headers: { "retry-after": "40" } }, 1],
    ["an outage", { status: 503 }, 12],
    ["connections that break", "drop", 12],
  ] as const)("of RingCentral, %s, is waited out, and the run ends well", async (_what, what, times) => {
    const world = await openAnalyticsWorld({ faults: [{ on: "/analytics/", after: 2, times, what }] });

    const { error, metrics } = await world.run();

    expect(error).toBeUndefined();
    expect(metrics.AnalyticsDaysCollected).toBe(3);
    // What is under way when a penalty begins cannot be called back.
    expect(world.ringCentral().counters().insidePenalty).toBeLessThan(12);
  });
});

test("an unreadable manifest fails only its own day: the others are collected, and the run fails in the end", async () => {
  const world = await openAnalyticsWorld();
  await world.run();
  await world.archive.put(aggregateKeys.analytics.manifest(account, second), toBody("{}"), "application/json");

  const night = await world.nextNight();

  expect(night.error?.code).toBe("STORAGE_INVALID");
  expect(night.requested.some((request) => request.includes(`"timeFrom":"${second}`))).toBe(false);
  expect(night.metrics.AnalyticsDaysCollected).toBe(2);
});
