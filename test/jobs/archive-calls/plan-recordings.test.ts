import { describe, expect, test } from "vitest";
import { toBody } from "../../../shared/aws/bucket.ts";
import type { CallDayEvent, FetchAttempt } from "../../../shared/core/calls/call-manifest.ts";
import { aggregateKeys, archiveKeys } from "../../../shared/core/object-keys.ts";
import type { DueRecording } from "../../../shared/jobs/archive-calls/due-recording.ts";
import type { DaysToArchive } from "../../../shared/jobs/archive-calls/find-days-to-archive.ts";
import { planRecordings } from "../../../shared/jobs/archive-calls/plan-recordings.ts";
import { readDueRecordings } from "../../../shared/jobs/archive-calls/recording-plan.ts";
import { type ArchiveWorld, account, openArchive } from "../../support/storage/archive-world.ts";
import { all } from "../../support/storage/streams.ts";

const now = new Date("2026-11-20T12:00:00Z");
const listed = (at: string, ids: readonly string[], automatic = ids.length): CallDayEvent => ({
  type: "listed",
  listing: { run: `run at ${at}`, at, records: 1, recordings: 1, fingerprint: "x", archived: 1, missing: 0 },
  counts: { records: 1, deleted: 0, tooShort: 0, automatic },
  recordings: ids.map((id) => ({ id, contentUri: `https://media.example.com/${id}`, callId: "a", automatic: true })),
});
const attempted = (id: string, at: string, result: FetchAttempt["result"]): CallDayEvent => ({
  type: "attempt-failed",
  id,
  attempt: { run: `run at ${at}`, at, result },
});
const stored = (id: string, day: string): CallDayEvent => {
  const key = archiveKeys.recording(account, day, id, "mp3");
  return { type: "stored", id, object: { key, bytes: 1, sha256: "", etag: "", contentType: "audio/mpeg" } };
};

function daysOf(days: readonly string[], others: Partial<DaysToArchive> = {}): DaysToArchive {
  const nothing = {
    toList: [],
    requested: [],
    acceptShrunk: false,
    unreadable: { days: [], first: undefined },
  };
  return { ...nothing, account, days, retention: { days: 90, daysToFetch: 90, maxCount: 100_000 }, ...others };
}

/** Returns the planned recordings in order. */
async function planned(world: ArchiveWorld, days: DaysToArchive): Promise<DueRecording[]> {
  const s = world.services("run");
  return all(readDueRecordings(s, await planRecordings(s, days), 0));
}
const placesOf = (due: readonly DueRecording[]) =>
  due.map(({ day, id, owningDay = day }) => `${day} ${id} in ${owningDay}`);
const stateOf = async (world: ArchiveWorld, day: string) => (await world.readDay(day)).manifest;
/** A closed day of 1,100 automatic recordings, of which the run knows the index entry only. */
async function closeBusyDay(world: ArchiveWorld, day: string): Promise<void> {
  await world.writeDay(day, [listed("2026-11-20T03:00:00Z", [], 1_100)]);
  await world.writeIndex();
}

describe("a damaged manifest", () => {
  test("of another day does not keep a day's recordings from being planned", async () => {
    const world = await openArchive(now);
    await world.writeDay("2026-11-18", [listed("2026-11-19T03:00:00Z", ["r"])]);
    for (const day of ["2026-11-17", "2026-11-19"]) {
      await world.archive.put(aggregateKeys.calls.manifest(account, day), toBody("{"), "application/json");
    }

    expect(placesOf(await planned(world, daysOf(["2026-11-18"])))).toEqual(["2026-11-18 r in 2026-11-18"]);
  });

  test("of a day to be planned does not keep the recordings of all others from being planned", async () => {
    const world = await openArchive(now);
    await world.writeDay("2026-11-16", [listed("2026-11-17T03:00:00Z", ["r"])]);
    await world.archive.put(aggregateKeys.calls.manifest(account, "2026-11-18"), toBody("{"), "application/json");

    expect(placesOf(await planned(world, daysOf(["2026-11-16", "2026-11-18"])))).toEqual([
      "2026-11-16 r in 2026-11-16",
    ]);
  });
});

describe("a recording is due", () => {
  test("unless it is stored, was attempted recently, or was given up", async () => {
    const world = await openArchive(now);
    const unoffered: CallDayEvent = {
      ...listed("2026-11-02T03:00:00Z", []),
      recordings: [{ id: "none", callId: "a" }],
    } as CallDayEvent;
    await world.writeDay("2026-11-01", [
      unoffered,
      listed("2026-11-03T03:00:00Z", ["new", "stored", "late", "soon", "refused"]),
      stored("stored", "2026-11-01"),
      attempted("late", "2026-11-19T03:00:00Z", "unavailable"),
      attempted("soon", "2026-11-20T03:00:00Z", "unavailable"),
      attempted("refused", "2026-11-03T03:00:00Z", "refused"),
      attempted("refused", "2026-11-19T03:00:00Z", "refused"),
    ]);

    const night = await planned(world, daysOf(["2026-11-01"]));
    const isRequested = await planned(world, daysOf(["2026-11-01"], { requested: ["2026-11-01"] }));

    expect(night.map(({ id }) => id)).toEqual(["late", "new", "none"]);
    expect(isRequested.map(({ id }) => id)).toEqual(["late", "new", "none", "refused", "soon"]);
  });

  test("every night in the last seven before RingCentral deletes it, whenever it was attempted", async () => {
    const world = await openArchive(now);
    const open = ["2026-08-29", "2026-08-30"];
    for (const day of open)
      await world.writeDay(day, [
        listed("2026-09-01T03:00:00Z", [`r ${day}`]),
        attempted(`r ${day}`, "2026-11-20T03:00:00Z", "unavailable"),
      ]);

    expect((await planned(world, daysOf(open))).map(({ id }) => id)).toEqual(["r 2026-08-29"]);
  });

  test("for the first time until an attempt has been made, and is marked so", async () => {
    const world = await openArchive(now);
    await world.writeDay("2026-11-01", [
      listed("2026-11-03T03:00:00Z", ["new", "late"]),
      attempted("late", "2026-11-18T03:00:00Z", "unavailable"),
    ]);

    const due = await planned(world, daysOf(["2026-11-01"]));

    expect(due.map(({ id, isFirst = false }) => [id, isFirst])).toEqual([
      ["late", false],
      ["new", true],
    ]);
  });

  test("by its day: near its horizon first, then requested, then yesterday, then oldest first", async () => {
    const world = await openArchive(now);
    const open = ["2026-08-24", "2026-10-01", "2026-10-02", "2026-10-03", "2026-11-19"];
    for (const day of open) await world.writeDay(day, [listed("2026-11-19T03:00:00Z", [`r ${day}`])]);

    const due = await planned(world, daysOf(open, { requested: ["2026-10-02"] }));

    expect(due.map(({ day }) => day.slice(5))).toEqual(["08-24", "10-02", "11-19", "10-01", "10-03"]);
  });

  test("once, for the first of two days that reference it, and its stored object is found", async () => {
    const world = await openArchive(now);
    await world.writeDay("2026-11-17", [
      listed("2026-11-18T03:00:00Z", ["both", "there"]),
      stored("there", "2026-11-17"),
    ]);
    await world.writeDay("2026-11-18", [listed("2026-11-19T03:00:00Z", ["both", "there", "own"])]);

    const due = await planned(world, daysOf(["2026-11-17", "2026-11-18"]));

    expect(placesOf(due)).toEqual([
      "2026-11-17 both in 2026-11-17",
      "2026-11-18 both in 2026-11-17",
      "2026-11-18 own in 2026-11-18",
      "2026-11-18 there in 2026-11-17",
    ]);
  });
});

describe("beyond RingCentral's horizon", () => {
  const old = "2026-08-20";

  test("by age, no request is sent for a recording first seen there", async () => {
    const world = await openArchive(now);
    await world.writeDay(old, [listed("2026-11-19T13:00:00Z", ["r"])]);

    const kept = await planned(world, daysOf([old], { retention: { days: 365, daysToFetch: 90, maxCount: 100_000 } }));
    const gone = await planned(world, daysOf([old], { retention: { days: 90, daysToFetch: 90, maxCount: 100_000 } }));

    expect([kept.length, gone.length]).toEqual([1, 0]);
    expect((await stateOf(world, old)).recordings).toMatchObject([{ state: "already-deleted" }]);
  });

  test("by age, a recording seen before is attempted once more, and is lost if it is not found", async () => {
    const world = await openArchive(now);
    await world.writeDay(old, [listed("2026-08-22T03:00:00Z", ["r"])]);

    expect(await planned(world, daysOf([old]))).toHaveLength(1);
    await world.writeDay(old, [attempted("r", "2026-11-20T12:00:00Z", "not-found")], "later");

    expect((await stateOf(world, old)).recordings).toMatchObject([{ state: "lost" }]);
  });

  test("by the cap, no request is sent for a recording first seen just now, even if newer days are closed", async () => {
    const world = await openArchive(now);
    await closeBusyDay(world, "2026-11-02");
    await world.writeDay("2026-11-01", [listed("2026-11-20T03:00:00Z", ["r"])]);
    await world.writeDay("2026-11-03", [listed("2026-11-20T03:00:00Z", ["s"])]);

    const due = await planned(
      world,
      daysOf(["2026-11-01", "2026-11-03"], { retention: { days: 90, daysToFetch: 90, maxCount: 1_000 } }),
    );

    expect(due.map(({ id }) => id)).toEqual(["s"]);
    expect((await stateOf(world, "2026-11-01")).recordings).toMatchObject([{ state: "already-deleted" }]);
  });

  test("by the cap, a recording seen long before has passed it only now, and is lost if it is not found", async () => {
    const world = await openArchive(now);
    await closeBusyDay(world, "2026-11-02");
    await world.writeDay("2026-11-01", [listed("2026-11-02T03:00:00Z", ["r"])]);

    const due = await planned(
      world,
      daysOf(["2026-11-01"], { retention: { days: 90, daysToFetch: 90, maxCount: 1_000 } }),
    );

    expect(due.map(({ id }) => id)).toEqual(["r"]);
    expect(await stateOf(world, "2026-11-01")).toMatchObject({ recordings: [{ state: "pending" }] });
    expect(Math.abs(Date.parse((await stateOf(world, "2026-11-01")).capPassedAt ?? "") - now.getTime())).toBeLessThan(
      60_000,
    );
  });

  test.each([
    ["2026-11-02T03:00:00Z", "pending"],
    ["2026-11-03T03:00:00Z", "already-deleted"],
  ])("by the cap, a recording first listed at %s is %s: only days that had ended by then count", async (at, state) => {
    const world = await openArchive(now);
    await closeBusyDay(world, "2026-11-02");
    await world.writeDay("2026-11-01", [listed(at, ["r"])]);

    await planned(world, daysOf(["2026-11-01"], { retention: { days: 90, daysToFetch: 90, maxCount: 1_000 } }));

    expect((await stateOf(world, "2026-11-01")).recordings).toMatchObject([{ state }]);
  });
});

describe("the stored recording that serves as a control", () => {
  const newestOf = async (days: readonly string[], options: Partial<DaysToArchive> = {}) => {
    const world = await openArchive(now);
    for (const day of ["2026-08-10", "2026-11-16", "2026-11-17", "2026-11-18"]) {
      await world.writeDay(day, [listed(`${day}T23:00:00Z`, [`of ${day}`]), stored(`of ${day}`, day)]);
    }
    return (await planRecordings(world.services("run"), daysOf(days, options))).newestStored;
  };

  test("is the newest that an open day has stored", async () => {
    expect(await newestOf(["2026-11-16", "2026-11-17"])).toBe("of 2026-11-17");
  });

  test("is one of the newest closed day if no open day has any", async () => {
    expect(await newestOf([], { newestClosedDay: "2026-11-18" })).toBe("of 2026-11-18");
  });

  test("is never one that RingCentral may have deleted", async () => {
    expect(await newestOf(["2026-08-10"], { newestClosedDay: "2026-08-10" })).toBeUndefined();
  });
});
