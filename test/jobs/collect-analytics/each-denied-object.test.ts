import { describe, expect, test } from "vitest";
import type { AwsFault } from "../../../lab/aws/faults.ts";
import { enterFastWorld } from "../../support/enter-fast-world.ts";
import type { FastWorld } from "../../support/fast-world.ts";
import { accountOf, recordedCalls } from "../../support/recorded-calls.ts";

const [first, second, third, fourth] = ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"] as const;
const account = accountOf(...[first, second, third, fourth].flatMap((day) => recordedCalls(day, 2)));
const environment = { ANALYTICS_GROUPS: "Company", ANALYTICS_METRICS: "allCalls" };

const enter = () => enterFastWorld({ account, environment });
const deny = (world: FastWorld, on: AwsFault["on"]) =>
  world.aws.plan({ on, what: { status: 403, code: "AccessDenied" }, times: "always" });
const nextNight = (world: FastWorld) => {
  world.clock.advance(24 * 3_600_000);
  return world.run("collect-analytics");
};
/** How many objects of responses each day has. */
async function responsesOf(world: FastWorld) {
  const days: Record<string, number> = {};
  for await (const { key } of world.archive.list("analytics/")) {
    const day = /date=([\d-]+)\/.*\.jsonl\.gz/.exec(key)?.[1];
    if (day) days[day] = (days[day] ?? 0) + 1;
  }
  return days;
}

describe("for one day,", () => {
  test.each([
    ["a denied read of its manifest", { operation: "GetObject", key: /^analytics\/manifests\/.*2026-11-02/ }],
    ["a denied write of its manifest", { operation: "PutObject", key: /^analytics\/manifests\/.*2026-11-02/ }],
    ["a denied read of its events", { operation: "GetObject", key: /^analytics\/events\/.*2026-11-02/ }],
    ["denial of its manifest, events and intents", { key: /^analytics\/(manifests|events|intents)\/.*2026-11-02/ }],
  ] as const)(
    "%s keeps no other day from being collected, stored and added to the ledger, and the run reports it",
    async (_what, on) => {
      const world = await enter();
      await world.run("collect-analytics");
      deny(world, on);

      const run = await nextNight(world);

      expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE" });
      expect((await responsesOf(world))[fourth]).toBe(2);
      expect(run.steps.slice(-4)).toEqual(["step close", "step ledger", "step gauges", "step end: failed"]);
      expect(run.logged.some((line) => line.includes(second) && line.includes("STORAGE_FAILED"))).toBe(true);
    },
  );

  test("a denied write of its responses keeps none of the days requested with it from being stored", async () => {
    const world = await enterFastWorld({ account, environment, start: new Date("2026-11-20T08:30:00Z") });
    deny(world, { operation: "PutObject", key: /^analytics\/responses\/.*2026-11-02\// });

    const run = await world.run("collect-analytics");

    expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE" });
    const responses = await responsesOf(world);
    expect(Object.keys(responses)).toHaveLength(18);
    expect(new Set(Object.values(responses))).toEqual(new Set([2]));
  });
});

test("if S3 denies every read of a manifest, the run stops before it requests analytics and says what to compare", async () => {
  const world = await enter();
  await world.run("collect-analytics");
  deny(world, { operation: "GetObject", key: /^analytics\/manifests\// });

  const run = await nextNight(world);

  expect(run.error).toMatchObject({
    code: "STORAGE_FAILED",
    message: expect.stringContaining("Compare with the deployed stack"),
  });
  expect(run.requests.length).toBeLessThanOrEqual(2);
});

test.each([
  ["denies", { status: 403, code: "AccessDenied" }],
  ["always answers 500 for", { status: 500, code: "InternalError" }],
] as const)(
  "if S3 %s the index of days, everything is collected and the run reports it in the end",
  async (_how, what) => {
    const world = await enter();
    world.aws.plan({ on: { key: /^analytics\/index\// }, what, times: "always" });

    const run = await world.run("collect-analytics");

    expect(run.error).toMatchObject({ code: "STORAGE_FAILED", message: expect.stringContaining("analytics/index/") });
    expect(run.logged.join("\n")).toContain("index of days not written");
    expect(Object.keys(await world.analyticsManifests()).length).toBeGreaterThan(0);
  },
);
