import { describe, expect, test } from "vitest";
import type { RingCentralOptions } from "../../../lab/ringcentral/server.ts";
import { type AnalyticsRun, openAnalyticsWorld } from "../../support/collect-analytics/analytics-world.ts";
import { manifestsIn, rowsOf, standings } from "../../support/collect-analytics/stored-responses.ts";

const [first, second, third] = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;
const groups = ["Company", "Users", "Queues"] as const;
const requestedOf = ({ requested }: AnalyticsRun, group: string) =>
  requested.filter((each) => each.includes(`"groupBy":"${group}"`));

describe("if everything is refused, a run fails after eight queries at most with a hint, and writes nothing:", () => {
  const lacksScope = { errorCode: "InsufficientPermissions", permissionName: "Analytics" };
  const everything: readonly [string, RingCentralOptions, string, string][] = [
    ["the app may not query for the scope", { account: { scopes: ["ReadAccounts"] } }, "CREDENTIAL_REFUSED", "app"],
    ["the account lacks the feature", { account: { analytics: { enabled: false } } }, "API_REFUSED", "feature"],
    [
      "the token lacks the scope",
      { faults: [{ on: "/analytics/", times: "always", what: { status: 403, body: lacksScope } }] },
      "API_REFUSED",
      "Give the permission Analytics to the app",
    ],
  ];

  test.each(everything)("%s", async (_what, options, code, hint) => {
    const world = await openAnalyticsWorld(options);

    const { error, written, requested } = await world.run({ groups });

    expect(error?.code).toBe(code);
    expect(error?.hint).toContain(hint);
    expect(written).toEqual([]);
    // Five in a row, and three from further back.
    expect(requested.length).toBeLessThanOrEqual(8);
    expect(world.ringCentral().counters().requests).toBeLessThan(12);
  });
});

describe("if one group cannot be collected,", () => {
  const refusing = { account: { analytics: { refuse: { Users: 403 } } } } as const;

  test.each([
    ["refused", { refuse: { Users: 403 } }, "API_REFUSED", 6],
    ["refused at another group's place", { refuse: { Queues: 403 } }, "API_REFUSED", 6],
    ["not found", { refuse: { Users: 404 } }, "API_NOT_FOUND", 6],
    ["not understood", { refuse: { Users: 400 } }, "API_BAD_REQUEST", 6],
  ])(
    "because it is %s, all others are published, and the run fails in the end and names it",
    async (_what, analytics, code, times) => {
      const world = await openAnalyticsWorld({ account: { analytics } });
      const [bad = ""] = Object.keys(analytics.refuse);

      const run = await world.run({ groups });

      expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE" });
      expect(run.error?.message).toContain(`lack ${bad} (${code}`);
      expect(run.error?.hint).toContain("analytics.groups");
      expect(requestedOf(run, bad)).toHaveLength(times);
      for (const group of groups.filter((each) => each !== bad)) {
        for (const day of [first, second, third]) {
          expect(await rowsOf(world.archive, day, { group, interval: "Hour" })).not.toEqual([]);
        }
      }
      expect(Object.values(await standings(world.archive)).every((each) => each.startsWith("open incomplete"))).toBe(
        true,
      );
      expect(run.metrics).toMatchObject({ AnalyticsDaysIncomplete: 3 });
    },
  );

  test("the next run completes it once it is accepted, and closes settled days", async () => {
    const world = await openAnalyticsWorld(refusing);
    await world.run({ groups });
    await world.becomes({ analytics: {} });

    const night = await world.nextNight({ groups });

    expect(night.error).toBeUndefined();
    expect(night.metrics.AnalyticsDaysIncomplete).toBeUndefined();
    expect(await standings(world.archive)).toMatchObject({ [first]: "closed", [second]: "closed" });
    expect((await manifestsIn(world.archive)).get(third)?.datasets.filter(({ failure }) => failure)).toEqual([]);
  });

  test("nothing is missing any more once it is removed from the settings, as the hint says", async () => {
    const world = await openAnalyticsWorld(refusing);
    await world.run({ groups });

    const night = await world.nextNight({ groups: ["Company", "Queues"] });

    expect(night.error).toBeUndefined();
    expect(await standings(world.archive)).toMatchObject({ [first]: "closed", [second]: "closed" });
  });

  test("it is reported if an operator requests it, whether the settings list it or not", async () => {
    const world = await openAnalyticsWorld({ account: { analytics: { refuse: { IVRs: 404 } } } });
    await world.run({ groups });

    for (const run of ["manual", "manual again"]) {
      const { error } = await world.run({ groups, run, request: { days: [first], groups: ["Company", "IVRs"] } });

      expect(error?.message).toContain("The analytics lack IVRs (API_NOT_FOUND");
    }

    expect((await standings(world.archive))[first]).toBe("closed");
  });

  test("because its response has another form, nothing of it is stored", async () => {
    const broken = { status: 200, body: { paging: {}, data: {} } };
    const world = await openAnalyticsWorld({ faults: [{ on: "analyticsTimeline", times: "always", what: broken }] });

    const { error, written } = await world.run({ groups });

    expect(error?.message).toContain("Company (API_BAD_RESPONSE), Queues (API_BAD_RESPONSE), Users (API_BAD_RESPONSE)");
    expect(written.filter((key) => key.includes("-hour"))).toEqual([]);
    expect(written.filter((key) => key.includes("-day"))).toHaveLength(9);
  });
});
