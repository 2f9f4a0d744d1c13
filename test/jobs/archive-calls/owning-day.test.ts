import { describe, expect, test } from "vitest";
import { emptyCallManifest } from "../../../shared/core/calls/reduce-call-manifest.ts";
import { archiveKeys } from "../../../shared/core/object-keys.ts";
import { addDays } from "../../../shared/core/time/days.ts";
import { createOwningDayLookup } from "../../../shared/jobs/archive-calls/owning-day.ts";

const day = "2026-11-02";
const [before, after] = [addDays(day, -1), addDays(day, 1)];
/** Where each recording is stored; undefined: it is waited for; null: it was given up. */
type Days = Readonly<Record<string, Readonly<Record<string, string | undefined | null>>>>;

/** Looks up owning days among days whose manifests reference recordings, with the day that stores each of them. */
function lookupAmong(days: Days) {
  const reads: string[] = [];
  const owningDayOf = createOwningDayLookup(async (read) => {
    reads.push(read);
    const entries = Object.entries(days[read] ?? {}).map(([id, owningDay]) => {
      const key = owningDay && archiveKeys.recording("7", owningDay, id, "mp3");
      const object = key && { object: { key, bytes: 1, sha256: "", etag: "", contentType: "audio/mpeg" } };
      const state = owningDay === null ? ("not-found" as const) : ("pending" as const);
      return { id, state, firstSeenAt: "", callId: "a", ...object };
    });
    const span = { from: new Date(0), to: new Date(1) };
    return { ...emptyCallManifest("7", read, "UTC", span), recordings: entries };
  });
  return { owningDayOf, reads };
}

describe("a recording belongs", () => {
  test.each([
    ["to its day, where no other names it", {}, day],
    ["to its day, where only the day after names it too", { [after]: { r: undefined } }, day],
    ["to the day before, where that names it too", { [before]: { r: undefined } }, before],
    ["to its day, where the day before has given it up", { [before]: { r: null } }, day],
    ["to the day before, where it is stored there", { [before]: { r: before } }, before],
    ["to the day after, where it is stored there", { [before]: { r: undefined }, [after]: { r: after } }, after],
    [
      "to where the day before has it stored, even if that is another day",
      { [before]: { r: "2026-10-31" } },
      "2026-10-31",
    ],
    ["to its day, where its neighbours name others", { [before]: { x: before }, [after]: { y: after } }, day],
    ["to its day, where only a day further off names it", { [addDays(day, -2)]: { r: addDays(day, -2) } }, day],
  ] satisfies [string, Days, string][])("%s", async (_where, days, owningDay) => {
    expect(await lookupAmong(days).owningDayOf(day, "r")).toBe(owningDay);
  });

  test("to the same day for both days that reference it", async () => {
    const { owningDayOf } = lookupAmong({ [before]: { r: undefined }, [day]: { r: undefined } });

    expect([await owningDayOf(before, "r"), await owningDayOf(day, "r")]).toEqual([before, before]);
  });
});

test("a day is read once while its neighbours are looked up in order, however many recordings they reference", async () => {
  const { owningDayOf, reads } = lookupAmong({});
  const days = Array.from({ length: 40 }, (_, n) => addDays(day, n));

  for (const each of days) await Promise.all([owningDayOf(each, "r1"), owningDayOf(each, "r2")]);

  expect(reads).toHaveLength(days.length + 2);
  expect(new Set(reads).size).toBe(reads.length);
});

test("a day's references are released during a run, and read again after many others", async () => {
  const { owningDayOf, reads } = lookupAmong({});

  for (const each of [day, ...Array.from({ length: 20 }, (_, n) => addDays(day, 10 * n + 10)), day])
    await owningDayOf(each, "r");

  expect(reads.filter((read) => read === before)).toHaveLength(2);
});
