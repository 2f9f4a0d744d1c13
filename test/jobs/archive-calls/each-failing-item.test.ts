import { describe, expect, test } from "vitest";
import type { FaultEffect } from "../../../lab/ringcentral/faults.ts";
import { toBody } from "../../../shared/aws/bucket.ts";
import { enterFastWorld } from "../../support/enter-fast-world.ts";
import type { FastWorld } from "../../support/fast-world.ts";
import { accountOf, recordedCalls } from "../../support/recorded-calls.ts";

const [first, second, third] = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;
const errorBody = (errorCode: string) => ({ errorCode, errors: [{ errorCode }] });
const calls = [...recordedCalls(first, 7), ...recordedCalls(second, 2), ...recordedCalls(third, 2)];
const garbage = toBody("no such thing");
const everyCell = process.env.EVERY_CELL !== undefined;

const totalsOf = async (world: FastWorld) =>
  Object.fromEntries(Object.entries(await world.manifests()).map(([day, { totals }]) => [day, totals.stored]));

describe("a day whose call log response is", () => {
  const days: readonly (readonly [string, FaultEffect, string])[] = [
    ["400", { status: 400 }, "API_BAD_REQUEST"],
    ["401", { status: 401 }, "API_REFUSED"],
    ["403", { status: 403 }, "API_REFUSED"],
    ["404", { status: 404 }, "API_NOT_FOUND"],
    ["500", { status: 500 }, "API_UNAVAILABLE"],
    ["garbage", { status: 200, body: "<html>" }, "API_BAD_RESPONSE"],
    ["headers only", "stall", "API_UNAVAILABLE"],
  ];
  const likeA500: typeof days = [
    ["nothing", "slowHeaders", "API_UNAVAILABLE"],
    ["half a body", "cut", "API_UNAVAILABLE"],
  ];
  test.each(everyCell ? [...days, ...likeA500] : days)(
    "%s stays open with its reason, and the other days are stored that night",
    async (_name, what, code) => {
      const on = { endpoint: "callLog", path: `dateFrom=${second}` } as const;
      const world = await enterFastWorld({ account: accountOf(...calls), faults: [{ on, what, times: "always" }] });

      const run = await world.run("archive-calls");

      expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE" });
      expect(await totalsOf(world)).toEqual({ [first]: 7, [second]: 0, [third]: 2 });
      expect((await world.manifests())[second]).toMatchObject({ status: "open", failure: { code } });
      expect(run.logins).toBeLessThanOrEqual(2);
    },
  );
});

describe("a recording whose response is", () => {
  const recordings: readonly (readonly [string, FaultEffect, { readonly result: string; readonly code?: string }])[] = [
    ["400", { status: 400 }, { result: "unexpected" }],
    ["401", { status: 401 }, { result: "refused", code: "OAU-213" }],
    ["403 CMN-408", { status: 403, body: errorBody("CMN-408") }, { result: "refused", code: "CMN-408" }],
    ["404 CMN-102", { status: 404, body: errorBody("CMN-102") }, { result: "not-found", code: "CMN-102" }],
    ["404 AGW-404", { status: 404, body: errorBody("AGW-404") }, { result: "refused", code: "AGW-404" }],
    ["416", { status: 416 }, { result: "unexpected" }],
    ["500", { status: 500 }, { result: "unavailable" }],
    ["JSON", "jsonAsAudio", { result: "not-audio", code: "application/json" }],
    ["half of it", { wrongLength: "chunked" }, { result: "unavailable" }],
    ["headers only", "stall", { result: "unavailable" }],
  ];
  const likeOthers: typeof recordings = [
    ["a body that breaks off", "cut", { result: "unavailable" }],
    ["nothing", "slowHeaders", { result: "unavailable" }],
    ["403 CMN-419", { status: 403, body: errorBody("CMN-419") }, { result: "refused", code: "CMN-419" }],
    ["404 CMN-120", { status: 404, body: errorBody("CMN-120") }, { result: "refused", code: "CMN-120" }],
  ];
  test.each(everyCell ? [...recordings, ...likeOthers] : recordings)(
    "%s stays pending with its reason, and all others are stored that night",
    async (_name, what, attempt) => {
      const on = { endpoint: "recordingContent", recordingId: `${first}-3` } as const;
      const world = await enterFastWorld({ account: accountOf(...calls), faults: [{ on, what, times: "always" }] });

      const run = await world.run("archive-calls");

      expect(run.error).toBeUndefined();
      expect(await totalsOf(world)).toEqual({ [first]: 6, [second]: 2, [third]: 2 });
      const entry = (await world.manifests())[first]?.recordings.find(({ id }) => id === on.recordingId);
      expect(entry).toMatchObject({ state: "pending", attempts: [{ ...attempt, othersSucceeded: true }] });
      expect(run.logins).toBeLessThanOrEqual(2);
    },
  );

  const oneOfEachResult = [...new Map(recordings.map((each) => [each[2].result, each])).values()];
  test.each(oneOfEachResult)(
    "%s leaves room for all others in windows of three requests, although RingCentral sends no length",
    async (_name, what, { result }) => {
      const on = { endpoint: "recordingContent", recordingId: `${first}-3` } as const;
      const world = await enterFastWorld({
        account: { ...accountOf(...calls), recordings: { withoutContentLength: true } },
        limits: { heavy: { limit: 3, windowMs: 60_000, penaltyMs: 60_000 } },
        faults: [{ on, what, times: "always" }],
      });

      const run = await world.run("archive-calls");

      expect(run.error).toBeUndefined();
      expect(await totalsOf(world)).toEqual({ [first]: 6, [second]: 2, [third]: 2 });
      const entry = (await world.manifests())[first]?.recordings.find(({ id }) => id === on.recordingId);
      expect(entry).toMatchObject({ state: "pending", attempts: [{ result }] });
    },
  );

  test.each([
    ["no byte", 0, "empty"],
    ["3 GB", 3_000_000_000, "unavailable"],
  ])("%s stays pending with its reason, and all others are stored that night", async (_name, bytes, result) => {
    const [call, ...others] = calls;
    if (!call) throw new Error("there is no call");
    const world = await enterFastWorld({
      account: accountOf({ ...call, recording: { id: `${first}-1`, bytes } }, ...others),
    });

    const run = await world.run("archive-calls");

    expect(run.error).toBeUndefined();
    expect(await totalsOf(world)).toEqual({ [first]: 6, [second]: 2, [third]: 2 });
    expect((await world.manifests())[first]?.recordings[0]).toMatchObject({ state: "pending", attempts: [{ result }] });
  });
});

describe("a damaged object", () => {
  const manifestKey = `manifests/account=37439510/date=${second}.json`;
  const fileKey = `calls/account=37439510/date=${second}/calls.jsonl.gz`;
  const newCalls = recordedCalls("2026-11-04", 4);
  const textOf = async (world: FastWorld, key: string) => (await world.archive.get(key))?.body.toString() ?? "";

  test.each([
    ["manifest", manifestKey, "STORAGE_INVALID"],
    ["day file", fileKey, "DAYS_INCOMPLETE"],
  ])(
    "that is a day's %s fails only its day: the others are listed, fetched and closed, and the run reports it",
    async (_what, key, code) => {
      const world = await enterFastWorld({ account: accountOf(...calls, ...newCalls) });
      await world.run("archive-calls");
      const before = await world.archive.head(key);
      await world.archive.replace(key, garbage, "application/json", before?.etag);
      world.clock.advance(24 * 3_600_000);

      const run = await world.run("archive-calls");

      expect(run.error).toMatchObject({ code });
      expect(await textOf(world, `manifests/account=37439510/date=${first}.json`)).toContain('"status": "closed"');
      expect(await textOf(world, manifestKey)).not.toContain('"status": "closed"');
      const newDay = await world.archive.get("manifests/account=37439510/date=2026-11-04.json");
      expect(JSON.parse(newDay?.body.toString() ?? "{}")).toMatchObject({ totals: { stored: 4 } });
    },
  );
});

describe("a plan", () => {
  type Corrupt = (world: FastWorld, key: string) => unknown;
  const plans: readonly (readonly [string, Corrupt])[] = [
    ["damaged", ({ state }, key) => state.put(key, garbage, "application/gzip")],
    ["empty", ({ state }, key) => state.put(key, toBody(""), "application/gzip")],
    [
      "gone",
      ({ aws }, key) =>
        aws.plan({ on: { operation: "GetObject", key }, what: { status: 404, code: "NoSuchKey" }, times: "always" }),
    ],
    [
      "refused",
      ({ aws }, key) =>
        aws.plan({ on: { operation: "GetObject", key }, what: { status: 403, code: "AccessDenied" }, times: "always" }),
    ],
  ];
  const corruptPlans = (world: FastWorld, corrupt: Corrupt, isOf: (key: string) => boolean) => async (name: string) => {
    if (name !== "plan") return;
    for await (const { key } of world.state.list("plans/")) if (isOf(key)) await corrupt(world, key);
  };

  test.each(plans)(
    "that is %s when it is read fails only its day: all others are stored that night, it is stored the next night, and the run reports it",
    async (_what, corrupt) => {
      const world = await enterFastWorld({ account: accountOf(...calls) });

      const run = await world.run("archive-calls", {
        onStep: corruptPlans(world, corrupt, (key) => key.includes(second)),
      });
      const stored = await totalsOf(world);
      world.clock.advance(24 * 3_600_000);
      const next = await world.run("archive-calls");

      expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE", message: expect.stringContaining(second) });
      expect(stored).toEqual({ [first]: 7, [second]: 0, [third]: 2 });
      expect(next.error).toBeUndefined();
      expect(await totalsOf(world)).toMatchObject({ [first]: 7, [second]: 2, [third]: 2 });
    },
  );

  /** Of the other two the code knows no more than that the plan is not there. */
  const plansOfAll = everyCell ? plans : plans.filter(([what]) => what === "damaged" || what === "refused");
  test.each(plansOfAll)(
    "that is %s like every other plan fails the run, because nothing was fetched",
    async (_what, corrupt) => {
      const world = await enterFastWorld({
        account: accountOf(...recordedCalls(first, 10), ...recordedCalls(third, 30)),
      });

      const run = await world.run("archive-calls", { onStep: corruptPlans(world, corrupt, () => true) });

      expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE" });
      expect(run.steps.slice(-4)).toEqual(["step close", "step ledger", "step gauges", "step end: failed"]);
      const attempts = Object.values(await world.manifests()).flatMap(({ recordings }) =>
        recordings.flatMap(({ attempts }) => attempts ?? []),
      );
      expect(attempts).toEqual([]);
    },
  );

  test.each(plansOfAll)("of the only day, if it is %s, fails the run", async (_what, corrupt) => {
    const world = await enterFastWorld({ account: accountOf(...recordedCalls(third, 2)) });

    const run = await world.run("archive-calls", { onStep: corruptPlans(world, corrupt, () => true) });

    expect(run.error).toMatchObject({ code: "DAYS_INCOMPLETE" });
  });
});
