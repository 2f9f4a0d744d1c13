import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CallDayEvent } from "../../../shared/core/calls/call-manifest.ts";
import { archiveGauges, backlogGauges, type DayStanding, dayStanding } from "../../../shared/core/calls/gauges.ts";
import { dayMs } from "../../../shared/core/time/days.ts";
import { failedInBulk } from "../../../shared/core/whose-fault.ts";
import { attempted, days, hour, listed, notListed, reduce, stored } from "../../support/core/day-events.ts";

const now = new Date("2026-12-01T08:30:00Z");
const ago = (count: number) => new Date(now.getTime() - count * dayMs).toISOString();
const options = { now, retention: { daysToFetch: 90 }, heavyPerMinute: 10 };
const perNight = 14_400;

/** Returns a complete day of this age, with the given changes. */
function day(age: number, standing: Partial<DayStanding> = {}): DayStanding {
  return {
    ...{ from: ago(age), attempted: 100, pending: 0, pendingSince: undefined, failedByResult: {} },
    ...{ openNights: 0, isShrunk: false, ...standing },
  };
}
const pendingDay = (age: number, pending: number, since = age) => day(age, { pending, pendingSince: ago(since) });

test("if no day is open, no gauge shows a fault", () => {
  expect(archiveGauges([], options)).toEqual({
    ...{ oldestPendingDays: 0, daysUntilDeletion: 90, pendingNearDeletion: 0, backlogNights: 0 },
    ...{ backlogBeyondHorizon: 0, oldestOpenNights: 0, failedInBulk: 0, listingsShrunk: 0 },
  });
});

describe("the age of the oldest pending recording", () => {
  test("is counted in whole days since a listing first contained it, not since its call", () => {
    const { oldestPendingDays } = archiveGauges([pendingDay(80, 1, 16.9), pendingDay(20, 3, 2)], options);

    expect(oldestPendingDays).toBe(16);
  });
});

describe("deletion", () => {
  const near = (age: number) => archiveGauges([pendingDay(age, 2)], options);

  test("is counted from the start of the day, by the shorter of the account's retention periods", () => {
    expect(near(80.5).daysUntilDeletion).toBe(9);
    expect(archiveGauges([pendingDay(20, 1)], { ...options, retention: { daysToFetch: 30 } }).daysUntilDeletion).toBe(
      10,
    );
  });

  test("is near one week before, and not a day earlier", () => {
    expect(near(82.9).pendingNearDeletion).toBe(0);
    expect(near(83).pendingNearDeletion).toBe(2);
    expect(near(95)).toMatchObject({ pendingNearDeletion: 2, daysUntilDeletion: 0 });
  });

  test("is near a quarter of a short retention before, so that last night's recordings are not near it", () => {
    const short = (age: number) => archiveGauges([pendingDay(age, 1)], { ...options, retention: { daysToFetch: 8 } });

    expect(short(1.3).pendingNearDeletion).toBe(0);
    expect(short(6).pendingNearDeletion).toBe(1);
  });
});

describe("the backlog", () => {
  test("is in nights of 24 hours at the current rate limit", () => {
    const pending = [pendingDay(3, perNight), pendingDay(2, perNight / 2)];

    expect(backlogGauges(pending, options).backlogNights).toBe(1.5);
    expect(backlogGauges(pending, { ...options, heavyPerMinute: 60 }).backlogNights).toBe(0.25);
  });

  test("uses RingCentral's default rate limit until RingCentral has sent one", () => {
    expect(backlogGauges([pendingDay(3, perNight)], { ...options, heavyPerMinute: undefined }).backlogNights).toBe(1);
  });

  test("is beyond the horizon by the recordings that come too late if the oldest are fetched first", () => {
    expect(backlogGauges([pendingDay(88, perNight * 2)], options).backlogBeyondHorizon).toBe(0);
    expect(backlogGauges([pendingDay(88, perNight * 2 + 1)], options).backlogBeyondHorizon).toBe(1);
    const inTurn = [pendingDay(87, perNight * 2), pendingDay(88, perNight + 7), pendingDay(89, perNight)];
    expect(backlogGauges(inTurn, options).backlogBeyondHorizon).toBe(perNight + 7);
  });

  test("leaves out recordings that RingCentral may have deleted already, which no limit could save", () => {
    expect(backlogGauges([pendingDay(91, 1_000_000)], options).backlogBeyondHorizon).toBe(0);
  });

  test("beyond the horizon is never larger than the pending recordings, and zero if all fit before the first deletion", () => {
    const anyDay = fc.record({ age: fc.integer({ min: 0, max: 100 }), pending: fc.nat(60_000) });
    fc.assert(
      fc.property(fc.array(anyDay, { maxLength: 20 }), fc.integer({ min: 1, max: 100 }), (all, heavyPerMinute) => {
        const standings = all.map(({ age, pending }) => pendingDay(age, pending));
        const total = all.reduce((sum, { pending }) => sum + pending, 0);
        const { backlogNights, backlogBeyondHorizon } = backlogGauges(standings, { ...options, heavyPerMinute });

        expect(backlogBeyondHorizon).toBeGreaterThanOrEqual(0);
        expect(backlogBeyondHorizon).toBeLessThanOrEqual(total);
        const first = Math.min(...all.flatMap(({ age }) => (age < 90 ? 90 - age : [])));
        if (backlogNights < first - 0.01) expect(backlogBeyondHorizon).toBe(0);
      }),
    );
  });
});

describe("recordings that failed in bulk", () => {
  const failing = (attempted: number, failedByResult: Record<string, number>) => day(2, { attempted, failedByResult });
  const bulkOf = (...standings: readonly DayStanding[]) => archiveGauges(standings, options).failedInBulk;

  test("are at least five of a day with the same result", () => {
    expect(bulkOf(failing(20, { "not-found": 4 }))).toBe(0);
    expect(bulkOf(failing(20, { "not-found": 5 }))).toBe(5);
    expect(bulkOf(failing(50, { "not-found": 4, refused: 4 }))).toBe(0);
  });

  test("are at least a tenth of the attempted recordings of a day", () => {
    expect(bulkOf(failing(100, { "not-found": 9 }))).toBe(0);
    expect(bulkOf(failing(100, { "not-found": 10 }))).toBe(10);
  });

  test("include those of a day that is left for the next night after twenty failures, however many it has", () => {
    const ids = Array.from({ length: 300 }, (_, n) => `r${n}`);
    const failed = ids.slice(0, 20).map((id) => attempted(id, 2, "not-found"));
    const left = dayStanding(reduce(listed(1, ids), ...failed), now);

    expect(bulkOf(left)).toBe(20);
  });

  test("are as many as the run itself counts, if it attempted all", () => {
    const results = fc.constantFrom("not-found", "refused");
    const attempts = fc.array(fc.option(results, { nil: "came" as const }), { maxLength: 80 });
    fc.assert(
      fc.property(attempts, (all) => {
        const ids = all.map((_, n) => `r${n}`);
        const events = all.map((result, n) => (result === "came" ? stored(`r${n}`) : attempted(`r${n}`, 2, result)));
        const failedByResult = { "not-found": 0, refused: 0 };
        for (const result of all) if (result !== "came") failedByResult[result]++;

        const ofDay = bulkOf(dayStanding(reduce(listed(1, ids), ...events), now));

        expect(ofDay).toBe(failedInBulk({ attempted: all.length, failedByResult }));
      }),
    );
  });

  test("are found over many small days", () => {
    const small = Array.from({ length: 5 }, () => failing(3, { refused: 3 }));

    expect(bulkOf(...small)).toBe(15);
    expect(bulkOf(...small, failing(1_000, {}))).toBe(0);
  });

  test("are found on one day beside many good ones", () => {
    const good = Array.from({ length: 14 }, () => failing(2_000, { "not-found": 10 }));

    expect(bulkOf(...good, failing(2_000, { fault: 2_000 }))).toBe(2_000);
    expect(bulkOf(...good)).toBe(0);
  });
});

describe("the summary of an open day", () => {
  const standing = (at: number, ...events: readonly CallDayEvent[]) =>
    dayStanding(reduce(...events), new Date(hour(at)));

  test("counts pending recordings, since when, and by the result of their newest attempt", () => {
    const events = [
      listed(1, ["a", "b"]),
      listed(30, ["a", "b", "c", "d"]),
      attempted("a", 2, "not-found"),
      attempted("a", 31, "unavailable"),
      attempted("c", 31, "not-found"),
      stored("b"),
    ];

    expect(standing(32, ...events)).toMatchObject({
      ...{ attempted: 3, pending: 3, pendingSince: hour(1), openNights: 0 },
      failedByResult: { unavailable: 1, "not-found": 1 },
    });
  });

  test("counts nights since the first of consecutive nightly listings", () => {
    const nightly = [1, 25, 49, 73].map((at, n) => listed(at, [], { fingerprint: String(n) }));

    expect(standing(73, ...nightly).openNights).toBe(3);
    expect(standing(days(40) + 25, ...nightly, listed(days(40), []), notListed(days(40) + 24)).openNights).toBe(1);
  });

  test("counts nights from zero after more than three days without a listing", () => {
    const two = (gapHours: number) => [listed(1, []), listed(1 + gapHours, [], { fingerprint: "another" })];

    expect(standing(73, ...two(72)).openNights).toBe(3);
    expect(standing(75, ...two(74)).openNights).toBe(0);
  });

  test("counts the nights after the last listing if every other night failed", () => {
    expect(standing(days(9), listed(1, []), notListed(days(9))).openNights).toBe(9);
  });

  test("counts revisions, one a night, if the day could never be listed", () => {
    const manifest = { ...reduce(notListed(days(300))), revision: 3 };

    expect(dayStanding(manifest, new Date(hour(days(300)))).openNights).toBe(3);
  });

  test("counts no night if only recordings are pending, which have their own gauge", () => {
    expect(standing(days(12), listed(25, ["a"]), listed(49, ["a"])).openNights).toBe(0);
  });

  test("is shrunk if the last listing is not believed", () => {
    const lacking = { missing: 3, missingIds: ["x", "y", "z"] };

    expect(standing(50, listed(1, []), listed(49, [], lacking)).isShrunk).toBe(true);
    expect(archiveGauges([day(2, { isShrunk: true }), day(3)], options).listingsShrunk).toBe(1);
  });
});
