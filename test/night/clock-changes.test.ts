import { describe, expect, test } from "vitest";
import { differencesFromTruth } from "../../lab/demo/archive-contents.ts";
import type { PlannedCall } from "../../lab/ringcentral/planned-calls.ts";
import { newYork } from "../support/fast-world.ts";
import { enterFastNights, type FastNights } from "./fast-nights.ts";

const hourMs = 3_600_000;
const at = (ms: number) => new Date(ms).toISOString();
const day = (date: string, from: string, hours: number) => ({ date, fromMs: Date.parse(from), hours });
type Day = ReturnType<typeof day>;

/** A world at half past three after the last of `days`, with no calls but the planned ones. */
function openAfter(days: readonly Day[], timeZone: string, plannedCalls: readonly PlannedCall[]): Promise<FastNights> {
  const firstDay = days[0]?.date ?? "";
  const account = {
    timeZone,
    firstDay,
    calls: { perDay: 0 },
    plannedCalls,
    callLog: { truncateBoundsToSeconds: true },
  };
  return enterFastNights({ start: new Date(endOf(days) + 3.5 * hourMs), account });
}

function endOf(days: readonly Day[]): number {
  return Math.max(...days.map(({ fromMs, hours }) => fromMs + hours * hourMs));
}

/** A call, recorded, on both sides of every bound and at the instants in between. */
function callsAtEdges(days: readonly Day[], within: readonly string[]): PlannedCall[] {
  const bounds = [...days.map(({ fromMs }) => fromMs), endOf(days)];
  const starts = [...bounds.flatMap((ms) => [at(ms - 1), at(ms)]), ...within];
  return starts.map((startTime, n) => ({ id: `call-${n}`, startTime, recording: { id: `recording-${n}` } }));
}

/** What belongs to each day: `[fromMs, fromMs + hours)`, by the calendars that were printed. */
function byDay(days: readonly Day[], calls: readonly PlannedCall[]) {
  const inTurn = calls.toSorted((a, b) => Date.parse(a.startTime) - Date.parse(b.startTime));
  return days.map(({ date, fromMs, hours }) => {
    const ofDay = inTurn.filter(({ startTime }) => {
      const sinceMs = Date.parse(startTime) - fromMs;
      return sinceMs >= 0 && sinceMs < hours * hourMs;
    });
    return { date, calls: ofDay.map(({ id }) => id), recordings: ofDay.map(({ recording }) => recording?.id).sort() };
  });
}

describe("a night around a change of clocks puts each call into exactly one day", () => {
  test.each([
    {
      where: "New York in autumn, where an hour comes twice",
      timeZone: newYork,
      days: [
        day("2026-10-31", "2026-10-31T04:00Z", 24),
        day("2026-11-01", "2026-11-01T04:00Z", 25),
        day("2026-11-02", "2026-11-02T05:00Z", 24),
      ],
      within: ["2026-11-01T05:30:00.000Z", "2026-11-01T05:59:59.999Z", "2026-11-01T06:30:00.000Z"],
    },
    {
      where: "New York in spring, where an hour is missing",
      timeZone: newYork,
      days: [
        day("2026-03-07", "2026-03-07T05:00Z", 24),
        day("2026-03-08", "2026-03-08T05:00Z", 23),
        day("2026-03-09", "2026-03-09T04:00Z", 24),
      ],
      within: ["2026-03-08T06:59:59.999Z", "2026-03-08T07:00:00.000Z"],
    },
    {
      where: "Lord Howe in autumn, where half an hour comes twice",
      timeZone: "Australia/Lord_Howe",
      days: [day("2026-04-05", "2026-04-04T13:00Z", 24.5), day("2026-04-06", "2026-04-05T13:30Z", 24)],
      within: ["2026-04-04T14:45:00.000Z", "2026-04-04T15:15:00.000Z"],
    },
    {
      where: "Santiago, whose spring day begins at one because midnight is missing",
      timeZone: "America/Santiago",
      days: [day("2026-09-05", "2026-09-05T04:00Z", 24), day("2026-09-06", "2026-09-06T04:00Z", 23)],
      within: [],
    },
    {
      where: "Beirut, whose last hour before midnight comes twice",
      timeZone: "Asia/Beirut",
      days: [day("2026-10-24", "2026-10-23T21:00Z", 25), day("2026-10-25", "2026-10-24T22:00Z", 24)],
      within: ["2026-10-24T20:30:00.000Z", "2026-10-24T21:30:00.000Z"],
    },
    {
      where: "Kolkata, where clocks never change and days begin at half hours",
      timeZone: "Asia/Kolkata",
      days: [day("2026-10-31", "2026-10-30T18:30Z", 24), day("2026-11-01", "2026-10-31T18:30Z", 24)],
      within: ["2026-10-31T18:00:00.000Z", "2026-10-31T19:00:00.000Z"],
    },
    {
      where: "Phoenix at New Year, where clocks never change",
      timeZone: "America/Phoenix",
      days: [day("2026-12-31", "2026-12-31T07:00Z", 24), day("2027-01-01", "2027-01-01T07:00Z", 24)],
      within: ["2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00.000Z"],
    },
  ])("$where", async ({ timeZone, days, within }) => {
    const calls = callsAtEdges(days, within);
    const world = await openAfter(days, timeZone, calls);

    const run = await world.night();

    const archive = await world.contents();
    const dates = days.map(({ date }) => date);
    expect(run.report?.status).toBe("finished");
    expect(differencesFromTruth(world, archive, dates)).toEqual([]);
    expect(Object.keys(archive.manifests)).toEqual(dates);
    const held = dates.map((date) => ({
      date,
      calls: (archive.calls[date] ?? []).map((record) => (record as PlannedCall).id),
      recordings: archive.manifests[date]?.recordings.map(({ id }) => id),
    }));
    expect(held).toEqual(byDay(days, calls));
    const spans = Object.values(archive.manifests).map(({ from, to, ...manifest }) => [manifest.timeZone, from, to]);
    expect(spans).toEqual(days.map(({ fromMs, hours }) => [timeZone, at(fromMs), at(fromMs + hours * hourMs)]));
  });
});

test("a call over midnight belongs to the day on which it began, and a recording that both days reference is fetched once", async () => {
  const days = [day("2026-10-31", "2026-10-31T04:00Z", 24), day("2026-11-01", "2026-11-01T04:00Z", 25)];
  const recording = { id: "of-both" };
  const over = { id: "over", startTime: "2026-11-01T03:50:00.000Z", durationSeconds: 1_200, recording };
  const next = { id: "next", startTime: "2026-11-01T04:10:00.000Z", recording };
  const world = await openAfter(days, newYork, [over, next]);

  await world.night();

  const archive = await world.contents();
  expect(differencesFromTruth(world, archive, ["2026-10-31", "2026-11-01"])).toEqual([]);
  expect(archive.calls["2026-10-31"]).toMatchObject([{ id: "over" }]);
  expect(archive.calls["2026-11-01"]).toMatchObject([{ id: "next" }]);
  const key = `recordings/account=${world.ringCentral.truth().accountId}/date=2026-10-31/of-both.mp3`;
  expect(Object.values(archive.recordings).map((stored) => stored.key)).toEqual([key]);
  const entries = Object.values(archive.manifests).map(({ recordings }) => recordings);
  expect(entries).toMatchObject([
    [{ id: "of-both", callId: "over", object: { key } }],
    [{ id: "of-both", callId: "next", object: { key } }],
  ]);
  expect(world.ringCentral.counters().downloads).toEqual({ "of-both": 1 });
});
