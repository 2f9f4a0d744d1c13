import { describe, expect, onTestFinished, test } from "vitest";
import { differencesFromTruth, readArchive, withoutHistory } from "../../lab/demo/archive-contents.ts";
import { openWorld } from "../../lab/demo/world.ts";
import type { FastRunOptions } from "../support/fast-run.ts";
import { enterFastNights } from "./fast-nights.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
const pages = { calls: { perDay: 24 }, callLog: { maxPerPage: 10 } };
const windowLimit = 10;

/** Options of a run whose first container dies before it stores its `number`-th object under `prefix`. */
function diesBeforeStoring(prefix: string, number: number): Pick<FastRunOptions, "fate"> {
  let stored = 0;
  return {
    fate: (container) => ({
      dies: ({ operation, target }, when) =>
        container === 0 &&
        when === "before" &&
        operation === "PutObject" &&
        target.split("/")[1] === prefix &&
        ++stored === number,
    }),
  };
}

async function nightOf(options?: FastRunOptions) {
  const world = await enterFastNights({ account: pages });
  const run = await world.night(options);
  return { world, run, archive: await world.contents(), counters: world.ringCentral.counters() };
}

describe("a run that is killed and started again", () => {
  test.each([
    {
      where: "in the middle of fetching",
      options: diesBeforeStoring("recordings", 15),
    },
  ])("ends with the undisturbed run's archive if it was killed $where", async ({ options }) => {
    const undisturbed = await nightOf();
    undisturbed.world.close();

    const { world, run, archive, counters } = await nightOf(options);

    expect([run.report?.status, run.containers]).toEqual(["finished", 2]);
    expect(differencesFromTruth(world, archive, days)).toEqual([]);
    expect(withoutHistory(archive)).toEqual(withoutHistory(undisturbed.archive));
    expect(counters.byGroup.heavy).toBeLessThanOrEqual(undisturbed.counters.byGroup.heavy + windowLimit);
    expect(counters.tokenExchanges).toHaveLength(1);
  });

  test("closes every day once if it was killed while it wrote the index of days", async () => {
    const { world } = await nightOf();
    world.clock.advance(24 * 3_600_000);

    const run = await world.night(diesBeforeStoring("index", 2));

    const archive = await world.contents();
    expect(run.containers).toBe(2);
    expect(archive.closed).toEqual(days);
    expect(differencesFromTruth(world, archive, days)).toEqual([]);
  });

  test("continues if an older invocation still checkpoints after a newer one has begun", async () => {
    const nights = await openWorld({ inMemory: true, ringCentral: { account: { ...pages, calls: { perDay: 4 } } } });
    onTestFinished(nights.stop);
    const stale: number[] = [];
    nights.lambda.killPlan(({ at, n }) => {
      if (at !== "before-checkpoint-stored" || n % 5 !== 2 || stale.length === 4) return false;
      stale.push(n);
      return "make-stale";
    });

    const run = await nights.night();

    expect(stale).toHaveLength(4);
    expect(run).toMatchObject({ status: "SUCCEEDED", crashes: stale.length });
    expect(differencesFromTruth(nights, await readArchive(nights), days)).toEqual([]);
  });
});
