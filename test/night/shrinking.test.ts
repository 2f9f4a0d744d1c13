import { describe, expect, test } from "vitest";
import { parseFilterPattern } from "../../lab/cloudwatch/filter-pattern.ts";
import type { ArchiveContents } from "../../lab/demo/archive-contents.ts";
import type { PlannedCall } from "../../lab/ringcentral/planned-calls.ts";
import { archiveAlarms } from "../../shared/jobs/archive-calls/alarms.ts";
import { enterFastNights, type FastNights } from "./fast-nights.ts";

const day = "2026-11-03";
/** After the first night, before the second. */
const afterwards = "2026-11-04T12:00:00.000Z";

/** Returns a call of that day, recorded, at the given hour of UTC. */
function callAt(hour: number, fate: Partial<PlannedCall> = {}): PlannedCall {
  const id = `call-${hour}`;
  return { id, startTime: `${day}T${hour}:00:00.000Z`, recording: { id: `recording-${hour}` }, ...fate };
}

/** Opens a world in the night after the day, with exactly these calls. */
function openWith(plannedCalls: readonly PlannedCall[]): Promise<FastNights> {
  return enterFastNights({ account: { firstDay: day, calls: { perDay: 0 }, plannedCalls } });
}

async function nextNight(world: FastNights): Promise<ArchiveContents> {
  await world.nextNight();
  return world.contents();
}

function idsIn({ calls }: ArchiveContents): string[] {
  return (calls[day] ?? []).map((record) => (record as PlannedCall).id);
}

describe("a record that RingCentral no longer lists is kept", () => {
  test("and is marked as vanished after two nights without it, not after one", async () => {
    const world = await openWith([callAt(15), callAt(16, { vanishesAt: afterwards }), callAt(17)]);
    await world.night();

    const once = await nextNight(world);
    const twice = await nextNight(world);

    expect(once.manifests[day]).toMatchObject({ status: "open", vanished: [], totals: { records: 3, vanished: 0 } });
    expect(twice.manifests[day]).toMatchObject({
      ...{ status: "closed", settled: "agreed", vanished: ["call-16"] },
      totals: { records: 3, vanished: 1, stored: 3 },
    });
    expect(idsIn(twice)).toEqual(["call-15", "call-16", "call-17"]);
    const noted = (archive: ArchiveContents) => archive.index[day]?.split("\r\n").map((row) => row.split(",").at(-1));
    expect([noted(once), noted(twice)]).toEqual([
      ["note", "", "", "", ""],
      ["note", "", "vanished", "", ""],
    ]);
  });

  test("and not marked if all of a day vanishes at once: the day stays open and raises the alarm, until an operator accepts it", async () => {
    const world = await openWith([15, 16, 17].map((hour) => callAt(hour, { vanishesAt: afterwards })));
    await world.night();
    expect(world.published("ListingsShrunk")).toEqual([0]);

    for (const gauges of [
      [0, 1],
      [0, 1, 1],
    ]) {
      const { manifests } = await nextNight(world);
      expect(manifests[day]).toMatchObject({ status: "open", vanished: [], totals: { records: 3, vanished: 0 } });
      expect(manifests[day]?.openReasons).toContain("listing-shrank");
      expect(world.published("ListingsShrunk")).toEqual(gauges);
    }
    world.clock.advance(3_600_000);
    await world.request({ days: [day], acceptShrunk: true });

    const accepted = await world.contents();
    expect(accepted.manifests[day]).toMatchObject({
      status: "closed",
      openReasons: [],
      totals: { records: 3, stored: 3 },
    });
    expect(idsIn(accepted)).toEqual(["call-15", "call-16", "call-17"]);
    expect(world.published("ListingsShrunk")).toEqual([0, 1, 1, 0]);
  });

  test("and counted as deleted if it is a deleted one, and its recording is fetched", async () => {
    const world = await openWith([
      callAt(15, { deletedAt: "2026-11-03T23:00:00.000Z" }),
      callAt(16, { deletedAt: afterwards }),
      callAt(17),
    ]);
    await world.night();
    const before = (await world.contents()).manifests[day];

    const after = await nextNight(world);

    expect(before?.totals).toMatchObject({ records: 3, deleted: 1, stored: 3 });
    expect(after.manifests[day]).toMatchObject({ status: "closed", totals: { records: 3, deleted: 2, stored: 3 } });
    expect(Object.keys(after.recordings)).toEqual(["recording-15", "recording-16", "recording-17"]);
    expect(world.ringCentral.counters().downloads).toEqual({ "recording-15": 1, "recording-16": 1, "recording-17": 1 });
  });
});

test("a day whose listing differs every night settles as unstable after five, raises one alarm, and is not listed again", async () => {
  const visibleAt = (night: number) => ({ visibleAt: `2026-11-${String(3 + night).padStart(2, "0")}T23:00:00.000Z` });
  const world = await openWith([0, 1, 2, 3, 4, 5].map((night) => callAt(15 + night, visibleAt(night))));
  await world.night();

  let fourth: ArchiveContents | undefined;
  for (let night = 1; night < 4; night++) fourth = await nextNight(world);
  const { logged } = await world.nextNight();
  const fifth = await world.contents();
  const sixth = await nextNight(world);

  expect(fourth?.manifests[day]).toMatchObject({ status: "open", openReasons: ["listing-not-settled"] });
  expect(fifth.manifests[day]).toMatchObject({
    status: "closed",
    settled: "unstable",
    totals: { records: 5, stored: 5 },
  });
  expect(idsIn(fifth)).toEqual(["call-15", "call-16", "call-17", "call-18", "call-19"]);
  expect(sixth.manifests[day]).toEqual(fifth.manifests[day]);
  expect(world.published("DaysUnstable")).toEqual([1]);
  // The alarm's command shows this line and no other day's.
  const patternOf = archiveAlarms.find(({ name }) => name === "day-unstable")?.lines ?? "";
  const lines = logged.map((line) => JSON.parse(line)).filter(parseFilterPattern(patternOf));
  expect(lines).toMatchObject([{ message: "day status", facts: { day, status: "closed" } }]);
});
