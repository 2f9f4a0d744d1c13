import { describe, expect, test } from "vitest";
import { readArchive } from "../../lab/demo/archive-contents.ts";
import { verifyInLab } from "../../lab/demo/verify-in-lab.ts";
import { openWorld, type World } from "../../lab/demo/world.ts";
import type { Moment } from "../../lab/observers.ts";
import { forEachConcurrent } from "../../shared/core/async/for-each-concurrent.ts";
import { once } from "../support/once.ts";
import { expectAsUndisturbed, type SmallNight, smallAccount, smallDay, undisturbedOf } from "./small-night.ts";

async function openSmallWorld(): Promise<World & SmallNight> {
  const world = await openWorld({ inMemory: true, archiveFrom: smallDay, ringCentral: { account: smallAccount } });
  return {
    ...world,
    contents: () => readArchive(world),
    verify: () => verifyInLab(world, world.ringCentral.truth().accountId),
  };
}

/** Calls `seen` for each request of a night in turn, before it is carried out or before it is answered. */
function observe({ ringCentral, aws }: World, when: Moment, seen: (what: string) => void): void {
  ringCentral.setObserver(({ endpoint }) => seen(endpoint), { when });
  aws.setObserver(({ operation, key = "" }) => seen(`${operation} ${key.split("/")[0]}`), { when });
}

/** Returns requests and archive of the undisturbed night. */
const undisturbedNight = once(async () => {
  const world = await openSmallWorld();
  try {
    const requested: string[] = [];
    observe(world, "before", (what) => requested.push(what));
    await world.night();
    return { requested, ...(await undisturbedOf(world)) };
  } finally {
    await world.stop();
  }
});

/**
 * Of a process that is killed nothing remains but what was carried out for it: killed after one request is killed before the
 * next. So each request is a place once, and the last twice. Without EVERY_CELL a night in kill-at-random.test.ts is killed at
 * work and after its last request, and kill-everywhere.test.ts kills in process at every request.
 */
describe.runIf(process.env.EVERY_CELL)(
  "with the deployed bundles, a night that is killed once, at any request,",
  { timeout: 300_000 },
  () => {
    test("sends enough requests to be a useful sample", async () => {
      const { requested } = await undisturbedNight();

      expect(requested.length).toBeGreaterThan(50);
      expect(new Set(requested).size).toBeGreaterThan(15);
    });

    test("ends with the undisturbed archive, storing nothing twice, if killed after its last request", async () => {
      const { requested } = await undisturbedNight();
      const last = requested.at(-1);

      // Reads that found nothing are not observed afterwards: here the last kind of request alone is counted.
      await expectToSurvive(requested.filter((what) => what === last).length - 1, last);
    });

    test("ends with the undisturbed archive if killed before any request", { timeout: 3_600_000 }, async () => {
      const { requested } = await undisturbedNight();

      await forEachConcurrent(requested.keys(), 2, (place) => expectToSurvive(place));
    });
  },
);

/** Runs a night that is killed before the request at that index, or after it among the requests named `after`. */
async function expectToSurvive(place: number, after?: string): Promise<void> {
  const undisturbed = await undisturbedNight();
  const world = await openSmallWorld();
  try {
    let requests = 0;
    let killed = false;
    observe(world, after === undefined ? "before" : "after", (what) => {
      if (after !== undefined && what !== after) return;
      if (requests++ === place) killed = world.lambda.kill("archive-calls");
    });

    const run = await world.night();

    expect([killed, run.status, run.crashes]).toEqual([true, "SUCCEEDED", 1]);
    await expectAsUndisturbed(world, undisturbed);
  } catch (cause) {
    throw new Error(`Killed ${after === undefined ? "before" : "after"} request ${place}`, { cause });
  } finally {
    await world.stop();
  }
}
