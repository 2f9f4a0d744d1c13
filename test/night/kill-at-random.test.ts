import { expect, test } from "vitest";
import { differencesFromTruth, readArchive, withoutHistory } from "../../lab/demo/archive-contents.ts";
import { verifyInLab } from "../../lab/demo/verify-in-lab.ts";
import { openWorld } from "../../lab/demo/world.ts";
import { createRandom } from "../../lab/ringcentral/random.ts";
import { once } from "../support/once.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
const account = {
  calls: { perDay: 40, recordedShare: 0.4, transferShare: 0.2, sharedLegShare: 0.2, overMidnight: 1 },
  callLog: { maxPerPage: 25 },
};
/** Average number of requests between two kills. Lambda ends an execution that is killed ten times without a response. */
const requestsBetween = 150;

/** Runs a night that is killed again and again, at requests that `seed` selects; never without a seed. */
async function night(seed?: number) {
  const world = await openWorld({ ringCentral: { account } });
  try {
    const random = seed === undefined ? () => 1 : createRandom(seed);
    let kills = 0;
    const maybe = () => {
      if (random() < 1 / requestsBetween && world.lambda.kill("archive-calls")) kills++;
    };
    for (const when of ["before", "after"] as const) {
      world.aws.setObserver(maybe, { when });
      world.ringCentral.setObserver(maybe, { when });
    }
    const { status } = await world.night();
    const archive = await readArchive(world);
    const { findings } = await verifyInLab(world, world.ringCentral.truth().accountId);
    const differences = differencesFromTruth(world, archive, days);
    return { status, kills, findings, differences, archive: withoutHistory(archive) };
  } finally {
    await world.stop();
  }
}

const undisturbedNight = once(() => night());

test.each([1, 2])(
  "a large night that is killed at random (%i) ends like an undisturbed one",
  { timeout: 300_000 },
  async (seed) => {
    const undisturbed = await undisturbedNight();

    const killed = await night(seed);

    expect(killed.kills).toBeGreaterThan(2);
    expect(killed).toMatchObject({ status: "SUCCEEDED", findings: [], differences: [] });
    expect(killed.archive).toEqual(undisturbed.archive);
  },
);
