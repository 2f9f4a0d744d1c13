import { describe, expect, test } from "vitest";
import { enterFastWorld } from "../../support/enter-fast-world.ts";
import type { FastRunOptions } from "../../support/fast-run.ts";
import type { FastWorld } from "../../support/fast-world.ts";
import { accountOf, recordedCalls } from "../../support/recorded-calls.ts";
import { worldAfter } from "../../support/world-after.ts";

const [first, second, third] = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;
const account = accountOf(...[first, second, third].flatMap((day) => recordedCalls(day, 2)));
const environment = { ANALYTICS_GROUPS: "Company", ANALYTICS_METRICS: "allCalls" };
/** A container that is killed before it writes the first manifest, and no other continues. */
const killedBeforeClosing: FastRunOptions = {
  goesOn: false,
  fate: () => ({
    dies: ({ operation, target }, when) =>
      when === "before" && operation === "PutObject" && /archive\/(analytics\/)?manifests\//.test(target),
  }),
};
const afterKilled = {
  "archive-calls": worldAfter({ account, environment }, (world) => world.run("archive-calls", killedBeforeClosing)),
  "collect-analytics": worldAfter({ account, environment }, (world) =>
    world.run("collect-analytics", killedBeforeClosing),
  ),
};
const afterOneNight = worldAfter({ account, environment }, (world) => world.run("archive-calls"));
const lastSteps = ["step close", "step ledger", "step gauges", "step end: failed"];

const secrets: readonly (readonly [string, string, (world: FastWorld) => void])[] = [
  ["empty", "CREDENTIAL_MISSING", (world) => world.aws.putSecret("credential", "")],
  ["garbage", "CREDENTIAL_INVALID", (world) => world.aws.putSecret("credential", "no JSON")],
  [
    "refused",
    "CREDENTIAL_MISSING",
    ({ aws }) =>
      aws.plan({
        on: { operation: "GetSecretValue" },
        what: { status: 400, code: "AccessDeniedException" },
        times: "always",
      }),
  ],
  [
    "unavailable for hours",
    "CREDENTIAL_MISSING",
    ({ aws }) =>
      aws.plan({
        on: { operation: "GetSecretValue" },
        what: { status: 500, code: "InternalServiceError" },
        times: "always",
      }),
  ],
];

describe.each(secrets)("if the secret is %s,", (_what, code, corrupt) => {
  test.each(["archive-calls", "collect-analytics"] as const)(
    "%s closes, adds to the ledger and counts what a killed run had left, sends RingCentral no request and fails with the reason",
    async (job) => {
      const world = await afterKilled[job]();
      corrupt(world);
      world.clock.advance(24 * 3_600_000);

      const run = await world.run(job);

      expect(run.error).toMatchObject({ code });
      expect([run.requests, run.logins]).toEqual([[], 0]);
      expect(run.steps.slice(-4)).toEqual(lastSteps);
      const manifests = await (job === "archive-calls" ? world.manifests() : world.analyticsManifests());
      expect(Object.keys(manifests)).toEqual([first, second, third]);
      expect(run.metrics).toHaveProperty("OldestOpenNights");
    },
  );

  test("build-tables builds as on any night", async () => {
    const world = await afterOneNight();
    corrupt(world);

    const run = await world.run("build-tables");

    expect([run.error, run.report?.result]).toEqual([undefined, { days: 3 }]);
  });

  test("the first run of all fails with the reason, because the account is unknown", async () => {
    const world = await enterFastWorld({ account, environment });
    corrupt(world);

    const run = await world.run("archive-calls");

    expect(run.error).toMatchObject({ code });
    expect([run.requests, run.logins]).toEqual([[], 0]);
  });

  test("and later valid again, the next run does everything", async () => {
    const world = await afterOneNight();
    const secret = JSON.stringify(world.ringCentral().credential);
    corrupt(world);
    await world.run("archive-calls");
    world.aws.clearFaults();
    world.aws.putSecret("credential", secret);
    world.clock.advance(24 * 3_600_000);

    const run = await world.run("archive-calls");

    expect(run.error).toBeUndefined();
  });
});
