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

/** Runs a night of the deployed bundles, and kills it once more after its last request, which ends its ownership. */
async function deployedNight(plan: RandomNight) {
  const world = await openWorld({ inMemory: true, ringCentral: { account: accountOf(plan) } });
  try {
    const isKilled = chanceOf(plan);
    let kills = 0;
    const stored: string[] = [];
    let storedAtLast: number | undefined;
    const maybe = () => {
      if (isKilled() && world.lambda.kill("archive-calls")) kills++;
    };
    for (const when of ["before", "after"] as const) world.ringCentral.setObserver(maybe, { when });
    world.aws.setObserver(maybe, { when: "before" });
    world.aws.setObserver(
      ({ operation, key = "" }) => {
        if (operation === "PutObject") stored.push(key.split("/")[0] ?? "");
        const isLast = stored.includes("index") && stored.at(-1) === "owners";
        if (isLast && storedAtLast === undefined && world.lambda.kill("archive-calls")) storedAtLast = stored.length;
        else maybe();
      },
      { when: "after" },
    );
    const { status } = await world.night();
    const { findings } = await verifyInLab(world, world.ringCentral.truth().accountId);
    const archive = await readArchive(world);
    const differences = differencesFromTruth(world, archive, days);
    const storedAfterLast = storedAtLast && stored.slice(storedAtLast);
    return { status, kills, storedAfterLast, findings, differences, archive: withoutHistory(archive) };
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

test("a night of the deployed bundles that is killed at random, and after its last request, ends like an undisturbed one", {
  timeout: 300_000,
}, async () => {
  const small = { perDay: 2, requestsBetween: 100 };

  const killed = await deployedNight({ ...small, seed: 4 });

  expect(killed.kills).toBeGreaterThan(2);
  expect(killed).toMatchObject({ status: "SUCCEEDED", findings: [], differences: [] });
  expect(killed.storedAfterLast).toEqual(["owners"]);
  // Calls have links to the server that listed them.
  const undisturbed = Object.entries(Object((await night(small)).archive)).filter(([part]) => part !== "calls");
  expect(killed.archive).toMatchObject(Object.fromEntries(undisturbed));
});
