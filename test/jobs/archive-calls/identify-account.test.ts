import { describe, expect, test } from "vitest";
import type { FaultEffect } from "../../../lab/ringcentral/faults.ts";
import { readCachedAccount } from "../../../shared/storage/cached-account.ts";
import { enterFastWorld } from "../../support/enter-fast-world.ts";
import type { FastWorld } from "../../support/fast-world.ts";
import { accountOf, recordedCalls } from "../../support/recorded-calls.ts";
import { worldAfter } from "../../support/world-after.ts";

const [first, fourth] = ["2026-11-01", "2026-11-04"] as const;
const dayMs = 24 * 3_600_000;
const kinds: readonly (readonly [string, FaultEffect])[] = [
  ["401", { status: 401 }],
  ["403", { status: 403 }],
  ["404", { status: 404 }],
  ["429", { status: 429, headers: { "retry-after": "60" } }],
  ["503 and an hour to wait", { status: 503, headers: { "retry-after": "3600" } }],
  ["garbage", { status: 200, body: "<html>" }],
  ["400", { status: 400 }],
  ["nothing", "slowHeaders"],
];
/** Those that the client turns into the same as one above: a pause, or an error without a way out. */
const alike: readonly (readonly [string, FaultEffect])[] = [
  ["500", { status: 500 }],
  ["half a body", "cut"],
];
const responses = process.env.EVERY_CELL ? [...kinds, ...alike] : kinds;
const storedOf = async (world: FastWorld, day: string) => (await world.manifests())[day]?.totals.stored;

describe("if the response to a request for the recording settings is", () => {
  test.each(responses)(
    "%s, a new account is archived within minutes anyway, and no retention is cached",
    async (_name, what) => {
      const world = await enterFastWorld({
        account: accountOf(...recordedCalls(first, 3)),
        faults: [{ on: "callRecordingSettings", what, times: "always" }],
      });
      const began = Date.now();

      const run = await world.run("archive-calls");

      expect(run.error).toBeUndefined();
      expect(await storedOf(world, first)).toBe(3);
      expect(Date.now() - began).toBeLessThan(10 * 60_000);
      expect((await readCachedAccount(world.state))?.retention).toBeUndefined();
      expect(run.logged.join()).toContain("no recording given up by age");
      expect(run.logged.join()).not.toContain("Unexpected error");
    },
  );

  test("valid on a later night, the retention is cached", async () => {
    const world = await enterFastWorld({
      account: { ...accountOf(...recordedCalls(first, 3)), recordings: { retentionDays: 30 } },
      faults: [{ on: "callRecordingSettings", what: { status: 400 } }],
    });
    await world.run("archive-calls");
    world.clock.advance(dayMs);

    await world.run("archive-calls");

    expect((await readCachedAccount(world.state))?.retention).toMatchObject({ days: 30 });
  });

  test.each([
    ["as ever, what RingCentral has deleted by then is lost", undefined, "lost"],
    ["500, nothing is given up by what they said before: recordings may be kept for longer by now", 500, "pending"],
    ["403, nothing is given up by what they said before: recordings may be kept for longer by now", 403, "pending"],
  ] as const)("%s", async (_name, status, state) => {
    const on = { endpoint: "recordingContent", recordingId: `${first}-1` } as const;
    const world = await enterFastWorld({
      account: { ...accountOf(...recordedCalls(first, 6)), recordings: { retentionDays: 30 } },
      faults: [{ on, what: { status: 404 }, times: "always" }],
    });
    await world.run("archive-calls");
    if (status) world.ringCentral().plan({ on: "callRecordingSettings", what: { status }, times: "always" });
    world.clock.advance(40 * dayMs);

    await world.run("archive-calls");

    expect((await world.manifests())[first]?.recordings[0]?.state).toBe(state);
  });
});

describe("if the response to a request for a known account is", () => {
  const account = accountOf(...recordedCalls(first, 3), ...recordedCalls(fourth, 3));
  const afterOneNight = worldAfter({ account }, (world) => world.run("archive-calls"));

  test.each(responses)(
    "%s, its days are listed and its recordings fetched, and the run fails in the end",
    async (_name, what) => {
      const world = await afterOneNight();
      world.ringCentral().plan({ on: "account", what, times: "always" });
      world.clock.advance(dayMs);

      const run = await world.run("archive-calls");

      expect(run.error?.code).toMatch(/^API_/);
      expect(await storedOf(world, fourth)).toBe(3);
      expect(run.steps.slice(-4)).toEqual(["step close", "step ledger", "step gauges", "step end: failed"]);
    },
  );
});
