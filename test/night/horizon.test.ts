import { describe, expect, test } from "vitest";
import { differencesFromTruth } from "../../lab/demo/archive-contents.ts";
import type { RecordingsPlan } from "../../lab/ringcentral/account-plan.ts";
import type { PlannedCall, PlannedRecording } from "../../lab/ringcentral/planned-calls.ts";
import { enterFastNights, type FastNights } from "./fast-nights.ts";

/** Returns a call in the afternoon of that day, with a recording of that id. */
function callOn(date: string, id: string, recording: Partial<PlannedRecording> = {}): PlannedCall {
  return { id: `call ${id}`, startTime: `${date}T20:00:00.000Z`, recording: { id, ...recording } };
}

/** Opens a world of planned calls only, with the ids of the recordings requested there. */
async function openWith(
  firstDay: string,
  plannedCalls: readonly PlannedCall[],
  recordings: Partial<RecordingsPlan> = {},
): Promise<FastNights & { readonly requested: readonly string[] }> {
  const world = await enterFastNights({ account: { firstDay, calls: { perDay: 0 }, plannedCalls, recordings } });
  const requested: string[] = [];
  world.ringCentral.setObserver(({ endpoint, recordingId }) => {
    if (endpoint === "recordingContent") requested.push(recordingId ?? "");
  });
  return { ...world, requested };
}

/** Runs nights, each the given number of days after the previous one. */
async function nights(world: FastNights, ...daysLater: readonly number[]): Promise<void> {
  for (const days of daysLater) await world.nextNight(days);
}

async function manifestOf(world: FastNights, date: string) {
  return (await world.contents()).manifests[date];
}

describe("beyond RingCentral's horizon", () => {
  test("recordings that were deleted before they were first seen are not requested, and the day closes", async () => {
    const calls = [callOn("2026-11-01", "old"), callOn("2026-11-03", "new")];
    const world = await openWith("2026-11-01", calls, { retentionDays: 1, namedAfterExpiry: true });

    await nights(world, 0);
    expect(differencesFromTruth(world, await world.contents(), ["2026-11-01", "2026-11-03"])).toEqual([]);
    await nights(world, 1);

    expect(world.requested).toEqual(["new"]);
    expect(await manifestOf(world, "2026-11-01")).toMatchObject({
      ...{ status: "closed", totals: { recordings: 1, alreadyDeleted: 1, lost: 0 } },
      recordings: [{ id: "old", state: "already-deleted" }],
    });
    expect(world.published("RecordingsLost")).toEqual([]);
  });

  test("a recording that was seen in time and never fetched is lost, which raises one alarm, and the day closes", async () => {
    const day = "2026-11-03";
    const world = await openWith(day, [callOn(day, "came"), callOn(day, "never", { readyAt: "never" })], {
      retentionDays: 2,
    });
    await nights(world, 0, 1);
    expect(await manifestOf(world, day)).toMatchObject({
      openReasons: ["recordings-pending"],
      totals: { stored: 1, pending: 1 },
    });
    expect(world.published("RecordingsLost")).toEqual([]);

    await nights(world, 2);

    expect(await manifestOf(world, day)).toMatchObject({
      status: "closed",
      totals: { stored: 1, pending: 0, lost: 1 },
    });
    expect(world.requested.filter((id) => id === "never")).toHaveLength(3);
    await nights(world, 1);
    await world.request({ days: [day], relist: true });
    expect(await manifestOf(world, day)).toMatchObject({ totals: { lost: 1 } });
    expect(world.published("RecordingsLost")).toEqual([1]);
  });

  test("by the cap, no request is sent in a first night for recordings that newer ones have evicted", async () => {
    const inTurn = Array.from({ length: 7 }, (_, n) => callOn("2026-11-03", `new-${n}`));
    const calls = [callOn("2026-11-01", "oldest"), callOn("2026-11-02", "old"), ...inTurn];
    const world = await openWith("2026-11-01", calls, { maxNumberLimit: 6, namedAfterExpiry: true });

    await nights(world, 0);

    expect(world.requested.toSorted()).toEqual(inTurn.map(({ recording }) => recording?.id));
    for (const day of ["2026-11-01", "2026-11-02"])
      expect((await manifestOf(world, day))?.recordings).toMatchObject([{ state: "already-deleted" }]);
    expect((await manifestOf(world, "2026-11-03"))?.totals).toMatchObject({ recordings: 7, stored: 6, pending: 1 });
    expect(world.published("RecordingsLost")).toEqual([]);
  });
});

describe("a recording that is not found for 14 days", () => {
  const missing = callOn("2026-11-03", "missing", { readyAt: "never" });
  /** One for each night in which the missing one is attempted: after 1, 2, 4 and 8 days. */
  const others = ["03", "04", "06", "10", "18"].map((date) => callOn(`2026-11-${date}`, `came-${date}`));

  test("gets the state not-found if others were stored meanwhile, and its day closes", async () => {
    const world = await openWith("2026-11-03", [missing, ...others]);

    await nights(world, 0, 1, 2, 4);
    expect(await manifestOf(world, "2026-11-03")).toMatchObject({
      status: "open",
      totals: { pending: 1, notFound: 0 },
    });
    await nights(world, 8);

    expect(await manifestOf(world, "2026-11-03")).toMatchObject({
      status: "closed",
      totals: { pending: 0, notFound: 1 },
    });
    expect(world.requested.filter((id) => id === "missing")).toHaveLength(5);
  });

  test("stays pending if no other was stored, because RingCentral may have none", async () => {
    const world = await openWith("2026-11-03", [missing]);

    await nights(world, 0, 1, 2, 4, 8);

    expect(await manifestOf(world, "2026-11-03")).toMatchObject({
      status: "open",
      totals: { pending: 1, notFound: 0 },
    });
    expect(world.requested).toHaveLength(5);
  });
});

test("a day first listed beyond the horizon, whose recordings RingCentral no longer references, counts the calls that may have had one", async () => {
  const calls = [
    callOn("2026-11-01", "old"),
    { ...callOn("2026-11-01", "short"), durationSeconds: 20 },
    callOn("2026-11-03", "new"),
  ];
  const world = await openWith("2026-11-01", calls, { retentionDays: 1, namedAfterExpiry: false });

  await nights(world, 0, 1);

  expect(await manifestOf(world, "2026-11-01")).toMatchObject({
    status: "closed",
    totals: { recordings: 0, callsWithoutRecording: 1 },
  });
  expect((await manifestOf(world, "2026-11-03"))?.totals).not.toHaveProperty("callsWithoutRecording");
});
