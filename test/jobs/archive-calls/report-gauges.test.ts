import { describe, expect, test } from "vitest";
import { toBody } from "../../../shared/aws/bucket.ts";
import type { CallDayEvent } from "../../../shared/core/calls/call-manifest.ts";
import { aggregateKeys } from "../../../shared/core/object-keys.ts";
import { addDays } from "../../../shared/core/time/days.ts";
import type { DaysToArchive } from "../../../shared/jobs/archive-calls/find-days-to-archive.ts";
import { reportArchiveGauges, reportBacklog } from "../../../shared/jobs/archive-calls/report-gauges.ts";
import { updateCachedAccount } from "../../../shared/storage/cached-account.ts";
import { type ArchiveWorld, account, openArchive } from "../../support/storage/archive-world.ts";

const today = "2026-11-26";
const now = new Date(`${today}T08:30:00Z`);

/** A listing of `calls` calls that names the recordings, made in the night after the day. */
function listing(day: string, calls: number, ids: readonly string[]): CallDayEvent {
  const at = `${addDays(day, 1)}T08:30:00.000Z`;
  const counts = { records: calls, recordings: ids.length };
  return {
    type: "listed",
    listing: { run: `night after ${day}`, at, ...counts, fingerprint: "same", archived: calls, missing: 0 },
    counts: { records: calls, deleted: 0, tooShort: 0, automatic: 0 },
    recordings: ids.map((id) => ({ id, contentUri: `https://media.example.com/${id}`, callId: `call of ${id}` })),
  };
}

async function reportIn(world: ArchiveWorld, days: readonly string[], report = reportArchiveGauges) {
  const gauges: Record<string, number> = {};
  const metrics = {
    add: () => undefined,
    set: (name: string, value: number) => void Object.assign(gauges, { [name]: value }),
    publish: () => undefined,
  };
  const found = {
    account,
    days,
    retention: { days: 90, daysToFetch: 90, maxCount: undefined },
  } as Partial<DaysToArchive>;
  await report(world.services("run", { metrics }), found as DaysToArchive);
  return gauges;
}

describe("at its end, a run publishes", () => {
  test("every gauge, even zeros, if no day is open, because raised alarms need them to end", async () => {
    const world = await openArchive(now);

    expect(await reportIn(world, [])).toEqual({
      ...{ OldestPendingDays: 0, DaysUntilDeletion: 90, PendingNearDeletion: 0, BacklogNights: 0 },
      ...{ BacklogBeyondHorizon: 0, OldestOpenNights: 0, FailedInBulk: 0, ListingsShrunk: 0, QuietDays: 0 },
    });
  });

  test("the state of its open days, at RingCentral's last rate limit", async () => {
    const world = await openArchive(now);
    const ids = Array.from({ length: 36 }, (_, n) => `r${n}`);
    await world.writeDay("2026-11-01", [listing("2026-11-01", 50, ids)]);
    await updateCachedAccount(world.state, { id: account, heavyPerMinute: 0.1 });

    expect(await reportIn(world, ["2026-11-01"])).toMatchObject({ OldestPendingDays: 24, BacklogNights: 0.25 });
  });

  test("also events that no manifest contains yet", async () => {
    const world = await openArchive(now);
    await world.writeDay("2026-11-24", [listing("2026-11-24", 5, ["a"])], "first");
    const tried = {
      type: "attempt-failed",
      id: "a",
      attempt: { run: "night", at: now.toISOString(), result: "not-found" },
    } as const;
    const failing = Array.from({ length: 5 }, (_, n) => ({ ...tried, id: `b${n}` }));
    const events = [
      listing(
        "2026-11-23",
        5,
        failing.map(({ id }) => id),
      ),
      ...failing,
    ];
    await world.writeDay("2026-11-23", events, "second");

    expect(await reportIn(world, ["2026-11-23", "2026-11-24"])).toMatchObject({
      FailedInBulk: 5,
      OldestPendingDays: 2,
    });
  });

  test("days without a call, compared with days that were closed long ago", async () => {
    const world = await openArchive(now);
    for (const day of ["2026-11-24", "2026-11-25"]) {
      await world.writeDay(day, [listing(day, 0, [])]);
      for (const before of [-7, -14])
        await world.writeDay(addDays(day, before), [listing(addDays(day, before), 25, [])]);
    }
    await world.writeIndex();

    expect(await reportIn(world, ["2026-11-25"])).toMatchObject({ QuietDays: 2 });
  });

  test("the gauges of all other days if one manifest is damaged", async () => {
    const world = await openArchive(now);
    await world.writeDay("2026-11-02", [listing("2026-11-02", 5, ["a"])]);
    await world.archive.put(aggregateKeys.calls.manifest(account, "2026-11-03"), toBody("{"), "application/json");

    expect(await reportIn(world, ["2026-11-02", "2026-11-03"])).toMatchObject({ OldestPendingDays: 23 });
  });
});

test("before it fetches, a run publishes its backlog, and no gauge that fetching may still change", async () => {
  const world = await openArchive(now);
  await world.writeDay("2026-11-01", [listing("2026-11-01", 5, ["a"])]);

  expect(Object.keys(await reportIn(world, ["2026-11-01"], reportBacklog))).toEqual([
    "BacklogNights",
    "BacklogBeyondHorizon",
  ]);
});
