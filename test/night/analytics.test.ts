import { afterEach, describe, expect, test } from "vitest";
import { differencesFromTruth, readArchive } from "./archive-contents.ts";
import { openWorld, type World } from "./world.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
const account = { calls: { perDay: 5 } };

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

describe("a night with both jobs", () => {
  test("logs in once, and neither draws a 429", async () => {
    world = await openWorld({ ringCentral: { account } });

    const runs = [await world.night("archive-calls"), await world.night("collect-analytics")];

    expect(runs.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED"]);
    const { tokenExchanges, limited } = world.ringCentral.counters();
    expect([tokenExchanges.length, limited]).toEqual([1, 0]);
  });
});

describe("an account without analytics", () => {
  test("whose app lacks the scope: that job is told so, and calls are archived all the same", async () => {
    const scopes = ["ReadAccounts", "ReadCallLog", "ReadCallRecording"];
    world = await openWorld({ ringCentral: { account: { ...account, scopes } } });

    const analytics = await world.night("collect-analytics");
    const calls = await world.night("archive-calls");

    expect(analytics.error?.ErrorMessage).toMatch(/invalid_scope.*app scopes that the README lists/s);
    expect(calls.status).toBe("SUCCEEDED");
    expect(differencesFromTruth(world, await readArchive(world), days)).toEqual([]);
    // Each job's own once, and before it the one that both share; a refusal is remembered for an hour.
    expect(world.ringCentral.counters().tokenExchanges.length).toBeLessThanOrEqual(3);
  });

  test("that lacks the feature: a few refusals, the run says what to do, and nothing is written", async () => {
    world = await openWorld({ ringCentral: { account: { ...account, analytics: { enabled: false } } } });

    const { status, error } = await world.night("collect-analytics");

    expect(status).toBe("FAILED");
    expect(error?.ErrorMessage).toContain("lacks this feature");
    expect(Object.keys((await readArchive(world)).manifests)).toEqual([]);
    expect(world.ringCentral.counters().byGroup.light).toBeLessThanOrEqual(6);
  });
});
