import { expect, test } from "vitest";
import { differencesFromTruth } from "../../lab/demo/archive-contents.ts";
import type { PlannedRecording } from "../../lab/ringcentral/planned-calls.ts";
import { enterFastNights, type FastNights } from "./fast-nights.ts";

const day = "2026-11-02";

/** Opens a world of one day with these recordings, each of its own call. */
function worldOf(...recordings: readonly PlannedRecording[]): Promise<FastNights> {
  const plannedCalls = recordings.map((recording, n) => ({
    id: `call-${n}`,
    startTime: `${day}T15:${String(n).padStart(2, "0")}:00.000Z`,
    recording,
  }));
  return enterFastNights({
    start: new Date("2026-11-03T08:30:00Z"),
    account: { firstDay: day, lastDay: day, calls: { perDay: 0 }, plannedCalls },
  });
}

test("a recording that call records reference without its URL is fetched by its id", async () => {
  const world = await worldOf({ id: "900", withoutContentUri: true }, { id: "901" });

  const run = await world.night();

  expect(run.report?.status).toBe("finished");
  expect(differencesFromTruth(world, await world.contents(), [day])).toEqual([]);
});

test("a recording of no bytes is never stored as audio, and its attempt has the result empty", async () => {
  const world = await worldOf({ id: "555", bytes: 0 }, { id: "901" });

  const run = await world.night();

  expect(run.report?.status).toBe("finished");
  const manifest = (await world.contents()).manifests[day];
  expect(manifest?.totals).toMatchObject({ stored: 1, pending: 1 });
  expect(manifest?.recordings.find(({ id }) => id === "555")).toMatchObject({
    state: "pending",
    attempts: [{ result: "empty", othersSucceeded: true }],
  });
});

test("usual audio types are stored with their own extension, and an unknown type is logged that night", async () => {
  const world = await worldOf(
    { id: "900", contentType: "audio/ogg" },
    { id: "901", contentType: "audio/x-m4a" },
    { id: "902", contentType: "audio/vnd.wave" },
    { id: "903", contentType: "application/octet-stream" },
    { id: "904", contentType: "audio/g722" },
  );

  const run = await world.night();

  expect(run.report?.status).toBe("finished");
  const recordings = (await world.contents()).manifests[day]?.recordings ?? [];
  const stored = recordings.flatMap(({ object }) => object ?? []);
  expect(stored.map(({ key, contentType }) => [key.split("/").at(-1), contentType])).toEqual([
    ["900.ogg", "audio/ogg"],
    ["901.m4a", "audio/mp4"],
    ["902.wav", "audio/wav"],
    ["903.mp3", "audio/mpeg"],
  ]);
  expect(recordings.at(-1)).toMatchObject({
    state: "pending",
    attempts: [{ result: "not-audio", code: "audio/g722" }],
  });
  expect(run.logged.join()).toContain("audio/g722");
});
