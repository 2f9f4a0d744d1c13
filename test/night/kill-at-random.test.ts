import { expect, test } from "vitest";
import { differencesFromTruth, readArchive, withoutHistory } from "../../lab/demo/archive-contents.ts";
import { verifyInLab } from "../../lab/demo/verify-in-lab.ts";
import { openWorld } from "../../lab/demo/world.ts";
import { createRandom } from "../../lab/ringcentral/random.ts";
import { openFastWorld } from "../support/fast-world.ts";
import { once } from "../support/once.ts";
import { fastNightsOf } from "./fast-nights.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"];

interface RandomNight {
  readonly perDay: number;
  /** Average number of requests between two kills. Lambda ends an execution that is killed ten times without a response. */
  readonly requestsBetween: number;
  /** Selects the requests at which the run is killed, again and again. @default never */
  readonly seed?: number;
}

const accountOf = ({ perDay }: RandomNight) => ({
  calls: { perDay, recordedShare: 0.4, transferShare: 0.2, sharedLegShare: 0.2, overMidnight: 1 },
  callLog: { maxPerPage: 25 },
});

/** Returns a function that decides at each request whether the run is killed there. */
function chanceOf({ seed, requestsBetween }: RandomNight): () => boolean {
  const random = seed === undefined ? () => 1 : createRandom(seed);
  return () => random() < 1 / requestsBetween;
}

/** Runs a night in this process. */
async function night(plan: RandomNight) {
  const world = await openFastWorld({ account: accountOf(plan) });
  try {
    const nights = fastNightsOf(world);
    const isKilled = chanceOf(plan);
    const { report, containers } = await nights.night({ fate: () => ({ dies: isKilled }) });
    const archive = await nights.contents();
    const { findings } = await nights.verify();
    const differences = differencesFromTruth(nights, archive, days);
    return { status: report?.status, kills: containers - 1, findings, differences, archive: withoutHistory(archive) };
  } finally {
    world.close();
  }
}

/** Runs a night of the deployed bundles. */
async function deployedNight(plan: RandomNight) {
  const world = await openWorld({ inMemory: true, ringCentral: { account: accountOf(plan) } });
  try {
    const isKilled = chanceOf(plan);
    let kills = 0;
    const maybe = () => {
      if (isKilled() && world.lambda.kill("archive-calls")) kills++;
    };
    for (const when of ["before", "after"] as const) {
      world.aws.setObserver(maybe, { when });
      world.ringCentral.setObserver(maybe, { when });
    }
    const { status } = await world.night();
    const { findings } = await verifyInLab(world, world.ringCentral.truth().accountId);
    const differences = differencesFromTruth(world, await readArchive(world), days);
    return { status, kills, findings, differences };
  } finally {
    await world.stop();
  }
}

const large = { perDay: 20, requestsBetween: 150 };
const undisturbedNight = once(() => night(large));

test.each([1, 2])("a large night that is killed at random (%i) ends like an undisturbed one", async (seed) => {
  const undisturbed = await undisturbedNight();

  const killed = await night({ ...large, seed });

  expect(killed.kills).toBeGreaterThan(2);
  expect(killed).toMatchObject({ status: "finished", findings: [], differences: [] });
  expect(killed.archive).toEqual(undisturbed.archive);
});

test("a night of the deployed bundles that is killed at random ends with the truth", { timeout: 300_000 }, async () => {
  const killed = await deployedNight({ perDay: 4, requestsBetween: 100, seed: 2 });

  expect(killed.kills).toBeGreaterThan(2);
  expect(killed).toMatchObject({ status: "SUCCEEDED", findings: [], differences: [] });
});
