import { describe, expect, test } from "vitest";
import { differencesFromTruth, readArchive } from "../../../lab/demo/archive-contents.ts";
import type { Fault, FaultEffect } from "../../../lab/ringcentral/faults.ts";
import { readCachedAccount, updateCachedAccount } from "../../../shared/storage/cached-account.ts";
import { enterFastWorld } from "../../support/enter-fast-world.ts";
import type { FastRun } from "../../support/fast-run.ts";
import type { FastWorld, FastWorldOptions } from "../../support/fast-world.ts";
import { accountOf, recordedCalls } from "../../support/recorded-calls.ts";

const [first, second, third] = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;
const days = [first, second, third];
const perPageOf = (request: string) => /perPage=(\d+)/.exec(request)?.[1];
const isOf = (day: string) => (request: string) => request.includes(`dateFrom=${day}`);

const archiveNight = (world: FastWorld) => world.run("archive-calls");
const nextArchiveNight = (world: FastWorld) => {
  world.clock.advance(24 * 3_600_000);
  return archiveNight(world);
};
/** Stored recordings of a day, by its manifest. */
const storedOf = async (world: FastWorld) =>
  Object.fromEntries(Object.entries(await world.manifests()).map(([day, { totals }]) => [day, totals.stored]));
const differences = async (world: FastWorld, of: readonly string[]) =>
  differencesFromTruth({ ringCentral: world.ringCentral() }, await readArchive(world, `${world.name}-archive`), of);
const enterDays = (counts: Readonly<Record<string, number>>, options: FastWorldOptions = {}) =>
  enterFastWorld({
    account: accountOf(...Object.entries(counts).flatMap(([day, count]) => recordedCalls(day, count))),
    ...options,
  });
const minutesSince = (beganMs: number) => (Date.now() - beganMs) / 60_000;

describe("a page of the call log that is too large", () => {
  const tooLarge = recordedCalls(second, 1, { extraBytes: 17 * 1024 * 1024, recording: undefined });

  test("even if short, fails only its day: the others are stored that night, the day has the reason, with few requests", async () => {
    const others = [first, third].flatMap((day) => recordedCalls(day, 4));
    const world = await enterFastWorld({ account: accountOf(...others, ...tooLarge) });

    const run = await archiveNight(world);

    expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE" });
    expect(await storedOf(world)).toEqual({ [first]: 4, [second]: 0, [third]: 4 });
    expect((await world.manifests())[second]).toMatchObject({ status: "open", failure: { code: "API_TOO_LARGE" } });
    expect(run.requests.filter(isOf(second)).length).toBeLessThanOrEqual(8);
  });

  test("is fetched in shorter ones, even if a rate window ends before they are short enough, and costs the other days no more requests", async () => {
    const heavyDay = recordedCalls(second, 300, { extraBytes: 57_000, recording: undefined });
    const others = [...recordedCalls(first, 120, { recording: undefined }), ...recordedCalls(third, 2)];
    const world = await enterFastWorld({ account: accountOf(...others, ...heavyDay) });
    world.ringCentral().setLimits({ heavy: { limit: 2, windowMs: 60_000, penaltyMs: 60_000 } });

    const run = await archiveNight(world);

    expect(run.error).toBeUndefined();
    expect(await differences(world, days)).toEqual([]);
    // Pages of 1,000 and of 500 are too large, two of 250 are not.
    expect(days.map((day) => run.requests.filter(isOf(day)).length)).toEqual([1, 4, 1]);
  });
});

test("a night begins with pages as short as the records of the last one needed, and stores how heavy its own are", async () => {
  const world = await enterFastWorld({ account: accountOf(...recordedCalls(second, 120, { recording: undefined })) });
  await updateCachedAccount(world.state, { id: "37439510", recordBytes: { run: "earlier", lightest: 20_000 } });

  const nights = [await archiveNight(world), await nextArchiveNight(world)];

  const perPage = nights.map(({ requests }) => requests.filter(isOf(second)).map(perPageOf));
  expect(perPage).toEqual([["500"], ["1000"]]);
  expect((await readCachedAccount(world.state))?.recordBytes?.lightest).toBeLessThan(5_000);
});

test("one heavy day costs the others nothing the next night, even if a slice listed it alone", async () => {
  // The least that counts: 100 records, of which 1,000 would be too large for a page.
  const heavy = recordedCalls(first, 100, { extraBytes: 17_000, recording: undefined });
  const light = [second, third].flatMap((day) => recordedCalls(day, 100, { recording: undefined }));
  const world = await enterFastWorld({ account: accountOf(...heavy, ...light) });
  world.ringCentral().setLimits({ heavy: { limit: 1, windowMs: 60_000, penaltyMs: 60_000 } });

  await archiveNight(world);
  const next = await nextArchiveNight(world);

  expect([second, third].map((day) => next.requests.filter(isOf(day)).map(perPageOf))).toEqual([["1000"], ["1000"]]);
});

describe("a page of the call log whose body never comes in time", () => {
  const stalledNight = async (what: "stall" | "slowHeaders", lengths: readonly number[], times: number | "always") => {
    const world = await enterFastWorld({
      account: accountOf(...[first, second, third].flatMap((day) => recordedCalls(day, 3, { recording: undefined }))),
      faults: lengths.map((length) => {
        const path = `dateTo=${third}T05%3A00%3A00.000Z&perPage=${length}`;
        return { on: { endpoint: "callLog", path }, what, times };
      }),
    });
    const runs = [await archiveNight(world), await nextArchiveNight(world)];
    return { runs, perPage: runs.map(({ requests }) => requests.filter(isOf(second)).map(perPageOf)) };
  };

  test("is requested with fewer records, and the day is listed that night", async () => {
    const { runs, perPage } = await stalledNight("stall", [1_000, 250], "always");

    expect(runs[0]?.error).toBeUndefined();
    expect(perPage[0]).toEqual(["1000", "250", "125"]);
  });

  test("is requested with as many records again the next night, if that happened once", async () => {
    const { runs, perPage } = await stalledNight("stall", [1_000], 1);

    expect(runs.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(perPage).toEqual([["1000", "250"], ["1000"]]);
  });

  test("is requested with as many records again, if not even its headers came", async () => {
    const { perPage } = await stalledNight("slowHeaders", [1_000], 1);

    expect(perPage[0]).toEqual(["1000", "1000"]);
  });
});

describe("a day whose call log is always unavailable", () => {
  const isDown: Fault = {
    on: { endpoint: "callLog", path: `dateFrom=${second}` },
    what: { status: 500 },
    times: "always",
  };

  test("stays open with the reason, and its neighbours are stored and close as on any night", async () => {
    const world = await enterDays({ [first]: 4, [second]: 4, [third]: 4 }, { faults: [isDown] });

    const run = await archiveNight(world);
    const next = await nextArchiveNight(world);

    expect([run.error?.code, next.error?.code]).toEqual(["DAYS_INCOMPLETE", "DAYS_INCOMPLETE"]);
    expect(await storedOf(world)).toMatchObject({ [first]: 4, [second]: 0, [third]: 4 });
    const manifests = await world.manifests();
    expect(manifests[second]).toMatchObject({ status: "open", failure: { code: "API_UNAVAILABLE" } });
    expect(days.map((day) => manifests[day]?.status)).toEqual(["closed", "open", "closed"]);
    expect(run.requests.filter(isOf(second)).length).toBeLessThanOrEqual(12);
  });

  test("stays open within minutes even if it is the only one due, because a day listed before serves as a control", async () => {
    const world = await enterDays({ [first]: 4, [second]: 4 });
    await archiveNight(world);
    await nextArchiveNight(world);
    world.ringCentral().plan(isDown);

    const run = await world.run("archive-calls", { request: { days: [second], relist: true } });

    expect(run.error?.code).toBe("DAYS_INCOMPLETE");
    expect(run.requests.length).toBeLessThanOrEqual(20);
  });
});

describe("an endpoint at which every request fails", () => {
  test("ends the listing within bounds even if its rate window is used up first, and nothing is given up", async () => {
    const world = await enterFastWorld({
      start: new Date("2026-11-11T08:30:00Z"),
      account: accountOf(...days.flatMap((day) => recordedCalls(day, 2))),
      faults: [{ on: "callLog", what: { status: 500 }, times: "always" }],
    });
    const began = Date.now();

    const run = await archiveNight(world);

    expect(run.error).toMatchObject({ code: "API_UNAVAILABLE" });
    expect(run.requests.length).toBeLessThanOrEqual(120);
    expect(minutesSince(began)).toBeLessThanOrEqual(75);
    expect(Object.values(await world.manifests())).toEqual([]);
  });

  test("that is of analytics fails only its queries, because others succeeded, and all others are stored", async () => {
    const world = await enterDays(
      { [first]: 2, [second]: 2, [third]: 2 },
      {
        environment: { ANALYTICS_GROUPS: "Company,Users,Queues,Sites", ANALYTICS_METRICS: "allCalls" },
        faults: [{ on: "analyticsTimeline", what: { status: 500 }, times: "always" }],
      },
    );
    const began = Date.now();

    const run = await world.run("collect-analytics");

    expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE" });
    // In three slices, each with three quick retries.
    const times = [...Map.groupBy(run.requests, (request) => request).values()].map(({ length }) => length);
    expect(Math.max(...times)).toBeLessThanOrEqual(12);
    expect(minutesSince(began)).toBeLessThanOrEqual(75);
    const collected = Object.values(await world.analyticsManifests()).flatMap(({ datasets }) =>
      datasets.filter(({ collections }) => collections.length > 0),
    );
    // Of four groups and three days, each by day.
    expect(collected).toHaveLength(12);
  });
});

describe("a day whose recordings are all answered 500", () => {
  const is500: Fault = {
    on: { endpoint: "recordingContent", path: `${first}-` },
    what: { status: 500 },
    times: "always",
  };

  test("keeps no other day waiting even if it comes first, and is reported as failed in bulk", async () => {
    const world = await enterDays({ [first]: 30, [second]: 8, [third]: 8 }, { faults: [is500] });

    const run = await archiveNight(world);

    expect(await storedOf(world)).toEqual({ [first]: 0, [second]: 8, [third]: 8 });
    expect(run.metrics.FailedInBulk).toBe(20);
    expect(run.requests.filter((request) => request.includes(`${first}-`)).length).toBeLessThanOrEqual(160);
  });
});

test("an outage of twenty minutes, when half of the recordings are stored, delays none of the others to the next night", async () => {
  const world = await enterDays({ [third]: 6 });
  const until = new Date(Date.now() + 23 * 60_000).toISOString();
  world.ringCentral().plan({ on: "recordingContent", what: { status: 503 }, after: 3, until, times: "always" });

  const run = await archiveNight(world);

  expect([run.error, await storedOf(world)]).toEqual([undefined, { [third]: 6 }]);
});

test("before anything was ever stored, five forbidden recordings that come first keep no other waiting", async () => {
  // In the order of their ids.
  const firstFive = [1, 10, 11, 12, 13];
  const isForbidden = (n: number): Fault => ({
    on: { endpoint: "recordingContent", path: `${third}-${n}/` },
    what: { status: 403 },
    times: "always",
  });
  const world = await enterDays({ [third]: 30 }, { faults: firstFive.map(isForbidden) });

  await archiveNight(world);

  expect(await storedOf(world)).toEqual({ [third]: 25 });
});

test("a run fails and stores no attempt if S3 denies the writes of its recordings, even if there are only three", async () => {
  const world = await enterDays({ [third]: 3 });
  const what = { status: 403, code: "AccessDenied" } as const;
  world.aws.plan({ on: { operation: "PutObject", key: /^recordings\// }, times: "always", what });

  const run = await archiveNight(world);

  expect(run.error).toMatchObject({ code: "STORAGE_FAILED" });
  const entries = Object.values(await world.manifests()).flatMap(({ recordings }) => recordings);
  expect(entries.map(({ state, attempts }) => [state, attempts])).toEqual(Array(3).fill(["pending", undefined]));
});

describe("one recording among twenty", () => {
  const bad = `${first}-3`;
  const badEntry = async (world: FastWorld) =>
    (await world.manifests())[first]?.recordings.find(({ id }) => id === bad);
  const on = { endpoint: "recordingContent", recordingId: bad } as const;
  /** Those in which it is due, on days that grow further apart, and one more. */
  const nights = [1, 2, 4, 8, 16, 17];
  const runNights = async (world: FastWorld, look = async (_night: number, _run: FastRun) => {}) => {
    const firstMs = world.clock.now();
    for (const night of nights) {
      world.clock.advance(firstMs + (night - 1) * 24 * 3_600_000 - world.clock.now());
      await look(night, await archiveNight(world));
    }
  };

  test.each(["always", 40] as const)(
    "that is answered 401 (%s) costs one more login, and all others are stored",
    async (times) => {
      const world = await enterDays({ [first]: 20 }, { faults: [{ on, what: { status: 401 }, times }] });

      const run = await archiveNight(world);

      expect(run.error).toBeUndefined();
      expect(run.logins).toBeLessThanOrEqual(2);
      expect((await storedOf(world))[first]).toBe(19);
      expect(await badEntry(world)).toMatchObject({
        state: "pending",
        attempts: [{ result: "refused", othersSucceeded: true }],
      });
    },
  );

  test("that is forbidden does not delay the others, and is given up only after 14 days with others", async () => {
    const plan = recordedCalls(first, 20).map((call) =>
      call.recording?.id === bad ? { ...call, recording: { ...call.recording, forbidden: true } } : call,
    );
    const later = nights.slice(1).map((night) => `2026-11-${String(night).padStart(2, "0")}`);
    const world = await enterFastWorld({
      start: new Date("2026-11-02T08:30:00Z"),
      account: accountOf(...plan, ...later.flatMap((day) => recordedCalls(day, 1))),
    });
    const states: [night: number, state: string | undefined][] = [];

    await runNights(world, async (night, run) => {
      expect([night, run.error]).toEqual([night, undefined]);
      if (night === 1) expect((await storedOf(world))[first]).toBe(19);
      states.push([night, (await badEntry(world))?.state]);
    });

    expect(states).toEqual(nights.map((night) => [night, night > 14 ? "refused" : "pending"]));
    expect((await world.manifests())[first]).toMatchObject({ status: "closed", totals: { stored: 19, refused: 1 } });
  });

  test("is never given up by nights in which it was the only one", async () => {
    const world = await enterDays(
      { [first]: 1 },
      { faults: [{ on: "recordingContent", what: { status: 403 }, times: "always" }] },
    );

    await runNights(world);

    const [entry] = (await world.manifests())[first]?.recordings ?? [];
    expect(entry).toMatchObject({ state: "pending" });
    expect(entry?.attempts).toHaveLength(5);
  });
});

describe("if no recording at all can be fetched", () => {
  /** More than the 14 days after which a recording that is not found may be given up. */
  const beyondPatience = [2, 3, 9, 18];
  const effects: readonly (readonly [string, readonly number[], FaultEffect])[] = [
    ["JSON instead of audio", [2, 3], "jsonAsAudio"],
    ["404", beyondPatience, { status: 404 }],
    ["500", [2, 3], { status: 500 }],
    ["403", [2, 3], { status: 403 }],
    ["a gateway's 404", [2, 3], { status: 404, body: { errorCode: "AGW-404" } }],
  ];
  test.each(effects)(
    "but only %s, every night with some due for the first time fails, and none is given up",
    async (_name, nights, what) => {
      const nightOf = (day: number) => new Date(Date.UTC(2026, 10, day, 8, 30));
      const yesterdays = nights.slice(1).map((day) =>
        nightOf(day - 1)
          .toISOString()
          .slice(0, 10),
      );
      const world = await enterFastWorld({
        start: nightOf(2),
        account: accountOf(...recordedCalls(first, 8), ...yesterdays.flatMap((day) => recordedCalls(day, 3))),
        faults: [{ on: "recordingContent", what, times: "always" }],
      });

      for (const night of nights) {
        if (night > 2) world.clock.advance(nightOf(night).getTime() - Date.now());
        const run = await archiveNight(world);
        expect([night, run.error?.code]).not.toEqual([night, undefined]);
        expect(run.metrics.RecordingsPending ?? 0, `in night ${night}`).toBeGreaterThan(0);
      }

      const states = Object.values(await world.manifests()).flatMap(({ recordings }) =>
        recordings.map(({ state }) => state),
      );
      expect(new Set(states)).toEqual(new Set(["pending"]));
    },
  );
});
