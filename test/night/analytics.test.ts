import { describe, expect, test } from "vitest";
import { differencesFromTruth } from "../../lab/demo/archive-contents.ts";
import { StatePrefix } from "../../shared/contract.ts";
import { all } from "../support/storage/streams.ts";
import { enterFastNights } from "./fast-nights.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
const account = { calls: { perDay: 5 } };
const environment = { ANALYTICS_GROUPS: "Company,Users", ANALYTICS_METRICS: "allCalls" };

describe("a night with both jobs", () => {
  test("logs in once, and neither job draws a 429", async () => {
    const limits = { light: { limit: 10, windowMs: 60_000, penaltyMs: 60_000 } };
    const world = await enterFastNights({ account: { ...account, organisation: { users: 21 } }, environment, limits });

    const runs = [await world.run("archive-calls"), await world.run("collect-analytics")];

    expect(runs.map(({ report }) => report?.status)).toEqual(["finished", "finished"]);
    const { tokenExchanges, limited, byGroup } = world.ringCentral.counters();
    expect([tokenExchanges.length, limited]).toEqual([1, 0]);
    expect(byGroup.light).toBeGreaterThan(limits.light.limit);
  });
});

describe("an account that has no analytics", () => {
  test("because its app lacks the scope fails that job with the reason, and calls are archived anyway", async () => {
    const scopes = ["ReadAccounts", "ReadCallLog", "ReadCallRecording"];
    const world = await enterFastNights({ account: { ...account, scopes } });

    const analytics = await world.run("collect-analytics");
    const calls = await world.run("archive-calls");

    expect(`${analytics.error?.message} ${analytics.error?.hint}`).toMatch(
      /invalid_scope.*app scopes that the README lists/s,
    );
    expect(calls.report?.status).toBe("finished");
    expect(differencesFromTruth(world, await world.contents(), days)).toEqual([]);
    // Each job's own once, and before it the one that both share; a refusal is remembered for an hour.
    expect(world.ringCentral.counters().tokenExchanges.length).toBeLessThanOrEqual(3);
    // Logins are limited per app: one object knows of all of them.
    expect(await all(world.state.list(StatePrefix.tokens))).toHaveLength(1);
  });

  test("because it lacks the feature gets a few refusals, a run with a hint, and no stored object", async () => {
    const world = await enterFastNights({ account: { ...account, analytics: { enabled: false } } });

    const { error } = await world.run("collect-analytics");

    expect(error?.message).toContain("lacks this feature");
    expect(Object.keys((await world.contents()).manifests)).toEqual([]);
    expect(world.ringCentral.counters().byGroup.light).toBeLessThanOrEqual(9);
  });
});
