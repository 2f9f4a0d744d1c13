import { describe, expect, test } from "vitest";
import type { Moment } from "../lab/observers.ts";
import { differencesFromTruth, readArchive, withoutHistory } from "./archive-contents.ts";
import { verifyInLab } from "./verify-in-lab.ts";
import { openWorld, type World } from "./world.ts";

const day = "2026-11-03";
const account = {
  firstDay: day,
  calls: { perDay: 2, recordedShare: 0 },
  plannedCalls: [{ id: "recorded", startTime: `${day}T15:00:00.000Z`, recording: { id: "1", bytes: 2_000 } }],
  callLog: { maxPerPage: 2 },
};
const windowLimit = 10;

const openSmallWorld = () => openWorld({ archiveFrom: day, ringCentral: { account } });

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
    const { byGroup } = world.ringCentral.counters();
    return { asked, archive: withoutHistory(await readArchive(world)), heavy: byGroup.heavy };
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
/** The first of each kind of request, the last of all, and of the others one in four; `EVERY_CELL=1` takes them all. */
const isFirst = ({ what, place }: (typeof cells)[number]) => undisturbed.asked.indexOf(what) === place;
const chosen = cells.filter(
  (cell, n) => process.env.EVERY_CELL || isFirst(cell) || n === cells.length - 1 || n % 4 === 0,
);

describe("a night that is killed once, at whatever request", () => {
  test("asks for enough that this means something", () => {
    expect(undisturbed.asked.length).toBeGreaterThan(50);
    expect(new Set(undisturbed.asked).size).toBeGreaterThan(15);
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
        const archive = await readArchive(world);
        expect(differencesFromTruth(world, archive, [day])).toEqual([]);
        expect(withoutHistory(archive)).toEqual(undisturbed.archive);
        const { findings } = await verifyInLab(world, world.ringCentral.truth().accountId);
        expect(findings).toEqual([]);
        const { byGroup, tokenExchanges, downloads } = world.ringCentral.counters();
        expect(byGroup.heavy).toBeLessThanOrEqual(undisturbed.heavy + windowLimit);
        expect(tokenExchanges.length).toBeLessThanOrEqual(2);
        expect(downloads["1"]).toBeLessThanOrEqual(2);
      } finally {
        await world.stop();
      }
    },
  );
});
