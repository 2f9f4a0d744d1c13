import { describe, expect, test } from "vitest";
import { differencesFromTruth } from "../../lab/demo/archive-contents.ts";
import { enterFastNights } from "./fast-nights.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
const dayMs = 24 * 3_600_000;
const small = { account: { calls: { perDay: 12 } } };

describe("a night", () => {
  test("archives one day with three calls, object by object as RingCentral has them", async () => {
    const world = await enterFastNights({
      account: { firstDay: "2026-11-03", calls: { perDay: 3, recordedShare: 1 } },
    });

    const run = await world.night();

    expect(run.report?.status).toBe("finished");
    expect(differencesFromTruth(world, await world.contents(), ["2026-11-03"])).toEqual([]);
  });

  test("logs in once, stays within the rate limit, and requests nothing twice", async () => {
    const perPage = 15;
    const world = await enterFastNights({ account: { calls: { perDay: 40 }, callLog: { maxPerPage: perPage } } });

    await world.night();

    const counters = world.ringCentral.counters();
    expect(counters.tokenExchanges).toHaveLength(1);
    expect(counters).toMatchObject({ limited: 0, insidePenalty: 0, unauthorized: 0 });
    const recordings = Object.keys(world.ringCentral.truth().recordings).length;
    const archive = await world.contents();
    expect(differencesFromTruth(world, archive, days)).toEqual([]);
    const pages = days.map((day) => Math.ceil((archive.calls[day]?.length ?? 0) / perPage));
    expect(counters.byEndpoint.callLog).toBe(pages.reduce((sum, count) => sum + count, 0));
    expect(counters.byEndpoint.recordingContent).toBe(Object.keys(archive.recordings).length);
    expect(Object.keys(archive.recordings).length).toBeLessThanOrEqual(recordings);
  });

  test("stores a call that begins exactly at midnight in the new day only", async () => {
    const midnight = { id: "midnight", startTime: "2026-11-03T05:00:00.000Z" };
    const world = await enterFastNights({ account: { calls: { perDay: 2 }, plannedCalls: [midnight] } });

    await world.night();

    const archive = await world.contents();
    expect(differencesFromTruth(world, archive, days)).toEqual([]);
    const holding = days.filter((day) => JSON.stringify(archive.calls[day]).includes('"id":"midnight"'));
    expect(holding).toEqual(["2026-11-03"]);
  });

  test("settles and closes a day by the night after the next, and then leaves it unchanged", async () => {
    const world = await enterFastNights(small);
    await world.night();
    expect((await world.contents()).closed).toEqual([]);

    await world.nextNight();

    const archive = await world.contents();
    expect(archive.closed).toEqual(days.slice(0, 2).concat("2026-11-03"));
    expect(archive.manifests["2026-11-01"]?.status).toBe("closed");
    const before = world.ringCentral.counters().byEndpoint.callLog ?? 0;
    await world.nextNight();
    const listed = (world.ringCentral.counters().byEndpoint.callLog ?? 0) - before;
    expect(listed).toBe(2);
    expect((await world.contents()).manifests["2026-11-01"]).toEqual(archive.manifests["2026-11-01"]);
  });

  test("adds records and recordings that came late", async () => {
    const late = {
      lateShare: 0.2,
      lateByMs: 20 * 3_600_000,
      lateRecordingShare: 0.3,
      changingShare: 0.3,
      changesAfterMs: 20 * 3_600_000,
    };
    const world = await enterFastNights({ account: { calls: { perDay: 20, ...late } } });
    await world.night();

    for (let night = 0; night < 3; night++) await world.nextNight();

    const archive = await world.contents();
    expect(archive.closed).toEqual(expect.arrayContaining(days));
    expect(differencesFromTruth(world, archive, days)).toEqual([]);
  });

  test("never draws a 429, even if its steps end with the window used up", async () => {
    const start = new Date("2026-11-11T08:30:00Z");
    const world = await enterFastNights({ start, account: { calls: { perDay: 3 } } });

    await world.night();
    await world.request({ days: ["2026-11-10"], relist: true });

    expect(world.ringCentral.counters()).toMatchObject({ limited: 0, insidePenalty: 0 });
    expect(world.ringCentral.counters().byEndpoint.callLog).toBeGreaterThanOrEqual(10);
  });

  test("reopens a closed day if a requested listing finds more, and closes it again", async () => {
    const late = { id: "late", startTime: "2026-11-02T15:00:00.000Z", visibleAt: "2026-11-07T00:00:00.000Z" };
    const world = await enterFastNights({ account: { calls: { perDay: 6 }, plannedCalls: [late] } });
    await world.night();
    await world.nextNight();
    expect((await world.contents()).closed).toContain("2026-11-02");

    world.clock.advance(3 * dayMs);
    await world.request({ days: ["2026-11-02"], relist: true });
    expect((await world.contents()).manifests["2026-11-02"]?.status).toBe("open");
    await world.nextNight();

    const archive = await world.contents();
    expect(archive.manifests["2026-11-02"]?.status).toBe("closed");
    expect(differencesFromTruth(world, archive, days)).toEqual([]);
  });
});
