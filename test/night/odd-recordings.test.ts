import { afterEach, expect, test } from "vitest";
import type { PlannedRecording } from "../lab/ringcentral/planned-calls.ts";
import { differencesFromTruth, readArchive } from "./archive-contents.ts";
import { openWorld, type World } from "./world.ts";

const day = "2026-11-02";

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

/** A world of one day with these recordings, each of a call of its own. */
async function worldOf(...recordings: readonly PlannedRecording[]): Promise<World> {
  const plannedCalls = recordings.map((recording, n) => ({
    id: `call-${n}`,
    startTime: `${day}T15:${String(n).padStart(2, "0")}:00.000Z`,
    recording,
  }));
  world = await openWorld({
    start: new Date("2026-11-03T08:30:00Z"),
    ringCentral: { account: { firstDay: day, lastDay: day, calls: { perDay: 0 }, plannedCalls } },
  });
  return world;
}

test("a recording that call records name without its URL is fetched by its id", async () => {
  const w = await worldOf({ id: "900", withoutContentUri: true }, { id: "901" });

  const run = await w.night();

  expect(run.status).toBe("SUCCEEDED");
  expect(differencesFromTruth(w, await readArchive(w), [day])).toEqual([]);
});

test("a recording of no bytes is never stored as audio, and its attempt says that it was empty", async () => {
  const w = await worldOf({ id: "555", bytes: 0 }, { id: "901" });

  const run = await w.night();

  expect(run.status).toBe("SUCCEEDED");
  const manifest = (await readArchive(w)).manifests[day];
  expect(manifest?.totals).toMatchObject({ stored: 1, pending: 1 });
  expect(manifest?.recordings.find(({ id }) => id === "555")).toMatchObject({
    state: "pending",
    tries: [{ why: "empty", othersCame: true }],
  });
});
