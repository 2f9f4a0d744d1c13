import { describe, expect, test } from "vitest";
import type { Moment } from "../lab/observers.ts";
import { readArchive } from "./archive-contents.ts";
import { expectAsUndisturbed, type SmallNight, smallAccount, smallDay, undisturbedOf } from "./small-night.ts";
import { verifyInLab } from "./verify-in-lab.ts";
import { openWorld, type World } from "./world.ts";

async function openSmallWorld(): Promise<World & SmallNight> {
  const world = await openWorld({ archiveFrom: smallDay, ringCentral: { account: smallAccount } });
  return {
    ...world,
    contents: () => readArchive(world),
    verify: () => verifyInLab(world, world.ringCentral.truth().accountId),
  };
}

/** What a night asks of RingCentral and AWS, in turn; told of each request just before it is worked on or before it is answered. */
function observe({ ringCentral, aws }: World, when: Moment, seen: (what: string) => void): void {
  ringCentral.setObserver(({ endpoint }) => seen(endpoint), { when });
  aws.setObserver(({ operation, key = "" }) => seen(`${operation} ${key.split("/")[0]}`), { when });
}

/** The night that nobody disturbs: what it asks for, and what it comes to. */
async function undisturbedNight() {
  const world = await openSmallWorld();
  try {
    const asked: string[] = [];
    observe(world, "before", (what) => asked.push(what));
    await world.night();
    return { asked, ...(await undisturbedOf(world)) };
  } finally {
    await world.stop();
  }
}

const undisturbed = await undisturbedNight();
/**
 * Of a process that is killed nothing remains but what was carried out for it: killed after one request is killed before the
 * next. So each request is a place once, and the last twice.
 */
const cells = undisturbed.asked.map((what, place) => ({ when: "before" as Moment, what, place }));
const last = undisturbed.asked.at(-1) ?? "";
cells.push({ when: "after", what: last, place: undisturbed.asked.filter((what) => what === last).length - 1 });
/** The first of these, one in each part of a night, and the last of all; `EVERY_CELL=1` takes every cell. */
const kinds = ["token", "callLog", "PutObject plans", "recordingContent", "PutObject manifests", "PutObject ledger"];
const places = kinds.map((kind) => undisturbed.asked.indexOf(kind));
const chosen = cells.filter(
  ({ place }, n) => process.env.EVERY_CELL || places.includes(place) || n === cells.length - 1,
);

describe("by the deployed bundles too, a night that is killed once, at whatever request", () => {
  test("asks for enough that this means something", () => {
    expect(undisturbed.asked.length).toBeGreaterThan(50);
    expect(new Set(undisturbed.asked).size).toBeGreaterThan(15);
    expect(places).not.toContain(-1);
  });

  test.concurrent.each(chosen)(
    "$when $what (request $place) ends with the undisturbed archive, nothing stored twice",
    { timeout: 60_000 },
    async ({ when, what, place }) => {
      const world = await openSmallWorld();
      try {
        let requests = 0;
        let killed = false;
        observe(world, when, (asked) => {
          // Reads that found nothing are not told of afterwards: there the last kind of request alone is counted.
          if (when === "after" && asked !== what) return;
          if (requests++ === place) killed = world.lambda.kill("archive-calls");
        });

        const run = await world.night();

        expect([killed, run.status, run.crashes]).toEqual([true, "SUCCEEDED", 1]);
        await expectAsUndisturbed(world, undisturbed);
      } finally {
        await world.stop();
      }
    },
  );
});
