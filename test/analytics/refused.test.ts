import { describe, expect, test } from "vitest";
import { bytesBody } from "../../shared/aws/bucket.ts";
import { bookKeys } from "../../shared/core/object-keys.ts";
import type { RingCentralOptions } from "../lab/ringcentral/server.ts";
import { type AnalyticsRun, account, openAnalyticsWorld } from "./analytics-world.ts";
import { linesOf, manifestsIn, rowsOf, standings } from "./stored-answers.ts";

const [first, second, third] = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;
const groups = ["Company", "Users", "Queues"] as const;
const askedOf = ({ asked }: AnalyticsRun, group: string) =>
  asked.filter((each) => each.includes(`"groupBy":"${group}"`));

describe("where everything is refused, a run fails at once with what to do, and writes nothing", () => {
  const lacksScope = { errorCode: "InsufficientPermissions", permissionName: "Analytics" };
  const everything: readonly [string, RingCentralOptions, string, string][] = [
    ["the app may not ask for the scope", { account: { scopes: ["ReadAccounts"] } }, "CREDENTIAL_REFUSED", "app"],
    ["the account lacks the feature", { account: { analytics: { enabled: false } } }, "API_REFUSED", "feature"],
    [
      "the token lacks the scope",
      { faults: [{ on: "/analytics/", times: "always", what: { status: 403, body: lacksScope } }] },
      "API_REFUSED",
      "Give the permission Analytics to the app",
    ],
  ];

  test.each(everything)("%s", async (_what, options, code, todo) => {
    const world = await openAnalyticsWorld(options);

    const { error, written, asked } = await world.run({ groups });

    expect(error?.code).toBe(code);
    expect(error?.todo).toContain(todo);
    expect(written).toEqual([]);
    expect(asked.length).toBeLessThanOrEqual(1);
    expect(world.ringCentral().counters().requests).toBeLessThan(6);
  });
});

describe("where one group cannot be collected", () => {
  const refusing = { account: { analytics: { refuse: { Users: 403 } } } } as const;

  test.each([
    ["refused", { refuse: { Users: 403 } }, "API_REFUSED", 1],
    ["refused at another group's place", { refuse: { Queues: 403 } }, "API_REFUSED", 1],
    ["not found", { refuse: { Users: 404 } }, "API_NOT_FOUND", 6],
    ["not understood", { refuse: { Users: 400 } }, "API_INVALID", 1],
  ])(
    "being %s, all others are published, and the run fails in the end and names it",
    async (_what, analytics, code, times) => {
      const world = await openAnalyticsWorld({ account: { analytics } });
      const [bad = ""] = Object.keys(analytics.refuse);

      const run = await world.run({ groups });

      expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE", details: { days: expect.any(Number) } });
      expect(run.error?.message).toContain(`lack ${bad} (${code})`);
      expect(run.error?.todo).toContain("analytics.groups");
      expect(askedOf(run, bad)).toHaveLength(times);
      for (const group of groups.filter((each) => each !== bad)) {
        for (const day of [first, second, third]) {
          expect(await rowsOf(world.archive, day, { group, interval: "Hour" })).not.toEqual([]);
        }
      }
      expect(Object.values(await standings(world.archive)).every((each) => each.startsWith("open incomplete"))).toBe(
        true,
      );
      expect(run.told).toMatchObject({ AnalyticsDaysIncomplete: 3 });
    },
  );

  test("the next run completes it once it is mended, and closes what is settled", async () => {
    const world = await openAnalyticsWorld(refusing);
    await world.run({ groups });
    await world.becomes({ analytics: {} });

    const night = await world.nextNight({ groups });

    expect(night.error).toBeUndefined();
    expect(night.told.AnalyticsDaysIncomplete).toBeUndefined();
    expect(await standings(world.archive)).toMatchObject({ [first]: "closed", [second]: "closed" });
    expect((await manifestsIn(world.archive)).get(third)?.groups.filter(({ failure }) => failure)).toEqual([]);
  });

  test("nothing is missing any more once the settings leave it out, as the error says", async () => {
    const world = await openAnalyticsWorld(refusing);
    await world.run({ groups });

    const night = await world.nextNight({ groups: ["Company", "Queues"] });

    expect(night.error).toBeUndefined();
    expect(await standings(world.archive)).toMatchObject({ [first]: "closed", [second]: "closed" });
  });

  test("but the one whom a person names is told of, be it in the settings or not", async () => {
    const world = await openAnalyticsWorld({ account: { analytics: { refuse: { IVRs: 404 } } } });
    await world.run({ groups });

    for (const run of ["by hand", "by hand again"]) {
      const { error } = await world.run({ groups, run, request: { days: [first], groups: ["Company", "IVRs"] } });

      expect(error?.message).toContain("The analytics of 1 days lack IVRs (API_NOT_FOUND)");
    }

    expect((await standings(world.archive))[first]).toBe("closed");
  });

  test("an answer of another form is such a failure, and nothing of it is stored", async () => {
    const broken = { status: 200, body: { paging: {}, data: {} } };
    const world = await openAnalyticsWorld({ faults: [{ on: "analyticsTimeline", times: "always", what: broken }] });

    const { error, written } = await world.run({ groups });

    expect(error?.message).toContain("Company (API_UNEXPECTED), Queues (API_UNEXPECTED), Users (API_UNEXPECTED)");
    expect(written.filter((key) => key.includes("-hour"))).toEqual([]);
    expect(written.filter((key) => key.includes("-day"))).toHaveLength(9);
  });
});

describe("pages that move while they are read", () => {
  const account = { organisation: { users: 45 }, analytics: { turnsBetweenPages: 7 } };
  const hours = { group: "Users", interval: "Hour" } as const;

  test("are no collection of the part: no key counts twice, and the next run completes it", async () => {
    const world = await openAnalyticsWorld({ account });

    const { error } = await world.run({ archiveFrom: third });
    const before = await standings(world.archive);
    await world.becomes({ analytics: {} });
    const night = await world.nextNight({ archiveFrom: third });

    expect(error?.message).toContain("lack Users (API_UNEXPECTED)");
    expect(before).toEqual({ [third]: "open incomplete may-change" });
    expect(night.error).toBeUndefined();
    expect((await standings(world.archive))[third]).toBe("open may-change");
    const rows = await rowsOf(world.archive, third, hours);
    const told = rows.map(({ key, hourStart, metric, breakdown }) => [key, hourStart, metric, breakdown].join(" "));
    expect(new Set(told).size).toBe(told.length);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(45);
  });

  test("leave what was stored of the part before as it was", async () => {
    const world = await openAnalyticsWorld({ account: { ...account, analytics: {} } });
    await world.run({ archiveFrom: third });
    const before = await linesOf(world.archive, third, hours);
    await world.becomes(account);

    await world.nextNight({ archiveFrom: third });

    expect(await linesOf(world.archive, third, hours)).toEqual(before);
  });
});

describe("what nobody expects in an answer", () => {
  const analytics = {
    spoiled: [
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
      answer: { data: { records: [{ ...analytics.extraFields, counters: { allCalls: { values: null } } }] } },
    });
  });

  test("is no change where it is the same the next night", async () => {
    const world = await openAnalyticsWorld({ account: { analytics } });
    await world.run();

    const night = await world.nextNight();

    expect(night.told.AnalyticsDaysChanged).toBeUndefined();
  });
});

describe("a misfortune that passes", () => {
  test.each([
    ["a penalty", { status: 429, penaltyMs: 40_000, headers: { "retry-after": "40" } }, 1],
    ["an outage", { status: 503 }, 12],
    ["connections that break", "drop", 12],
  ] as const)("of RingCentral's, %s, is waited out, and the run ends well", async (_what, what, times) => {
    const world = await openAnalyticsWorld({ faults: [{ on: "/analytics/", after: 2, times, what }] });

    const { error, told } = await world.run();

    expect(error).toBeUndefined();
    expect(told.AnalyticsDays).toBe(3);
    // What is under way when a penalty begins cannot be called back.
    expect(world.ringCentral().counters().insidePenalty).toBeLessThan(10);
  });
});

test("a manifest that nobody can read is its own day's misfortune: the others are collected, and the run fails in the end", async () => {
  const world = await openAnalyticsWorld();
  await world.run();
  await world.archive.put(bookKeys.analytics.manifest(account, second), bytesBody("{}"), "application/json");

  const night = await world.nextNight();

  expect(night.error?.code).toBe("STORAGE_UNEXPECTED");
  expect(night.asked.some((request) => request.includes(`"timeFrom":"${second}`))).toBe(false);
  expect(night.told.AnalyticsDays).toBe(2);
});
