import { expect, test } from "vitest";
import { appendEvents } from "../../shared/storage/day-events.ts";
import { writeManifest } from "../../shared/storage/manifest-file.ts";
import { listed } from "../support/core/day-events.ts";
import { account, aggregate, openArchive } from "../support/storage/archive-world.ts";

const day = "2026-11-01";
const minuteMs = 60_000;

test("the next manifest contains events of a superseded run that were written while another run closed the day", async () => {
  const { archive, state, clock, readDay, writeDay } = await openArchive();
  const storage = { archive, state, account, aggregate };
  await writeDay(day, [listed(1, ["a"])], "closing");
  clock.advance(60 * minuteMs);
  const closing = await readDay(day);

  await appendEvents(storage, { day, run: "superseded", name: "late" }, [listed(2, ["b"])]);
  clock.advance(5 * minuteMs);
  await writeManifest(storage, closing, { run: "closing", at: new Date(clock.now()) });

  const { stored, manifest } = await readDay(day);
  expect(stored?.manifest.recordings.map(({ id }) => id)).toEqual(["a"]);
  expect(manifest.recordings.map(({ id }) => id)).toEqual(["a", "b"]);
});
