import { describe, expect, test } from "vitest";
import type { CallDayEvent } from "../../../shared/core/calls/call-manifest.ts";
import { findDaysToArchive } from "../../../shared/jobs/archive-calls/find-days-to-archive.ts";
import { rules } from "../../support/core/day-events.ts";
import { type ArchiveWorld, openArchive } from "../../support/storage/archive-world.ts";

const day = "2026-11-04";
const listedAt = new Date("2026-11-05T03:00:00Z");
const request = { days: [], relist: false, acceptShrunk: false };

const facts = { account: "7", retention: { days: 90, daysToFetch: 90, maxCount: undefined } };

const listing: CallDayEvent = {
  type: "listed",
  listing: {
    ...{
      run: "first",
      at: listedAt.toISOString(),
      records: 0,
      recordings: 0,
      fingerprint: "same",
      archived: 0,
      missing: 0,
    },
  },
  counts: { records: 0, deleted: 0, tooShort: 0, automatic: 0 },
  recordings: [],
};

async function daysOf(world: ArchiveWorld) {
  return findDaysToArchive(world.services("second", { archiveFrom: day }), facts, request);
}

describe("a day that has not settled", () => {
  test("is listed again when the gap between two listings is over, and not a moment earlier", async () => {
    const listAfter = async (ms: number) => {
      const world = await openArchive(listedAt);
      await world.writeDay(day, [listing], "first");
      const services = world.services("second", {
        archiveFrom: day,
        now: () => new Date(listedAt.getTime() + ms),
      });
      return (await findDaysToArchive(services, facts, request)).toList;
    };

    expect(await listAfter(rules.listingGapMs - 1)).toEqual([]);
    expect(await listAfter(rules.listingGapMs)).toEqual([day]);
  });
});

test("a future day is not archived, even if objects are stored under its name", async () => {
  const world = await openArchive(listedAt);
  await world.writeDay("2026-11-06", [listing]);
  await world.writeDay("2026-11-05", [listing]);

  expect((await daysOf(world)).days).toEqual([day, "2026-11-05"]);
});
