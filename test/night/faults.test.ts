import { describe, expect, onTestFinished, test } from "vitest";
import { differencesFromTruth } from "../../lab/demo/archive-contents.ts";
import { openWorld } from "../../lab/demo/world.ts";
import type { Fault } from "../../lab/ringcentral/faults.ts";
import { enterFastNights } from "./fast-nights.ts";

const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
const account = { calls: { perDay: 8 } };

async function nightWith(faults: readonly Fault[]) {
  const world = await enterFastNights({ account, faults });
  const run = await world.night();
  return { world, run, archive: await world.contents(), counters: world.ringCentral.counters() };
}

/** Faults outside the table: with a number of logins, or with a length that no response had. */
describe("a night with faults ends complete", () => {
  const faults: { readonly name: string; readonly fault: Fault; readonly exchanges?: number }[] = [
    {
      name: "when a token is refused in the middle",
      fault: { on: "recordingContent", after: 7, what: { status: 401 } },
      exchanges: 2,
    },
    { name: "when the session is evicted", fault: { on: "recordingContent", after: 7, what: "evict" }, exchanges: 2 },
    {
      name: "when audio ends early and did not say how long it is",
      fault: { on: "recordingContent", what: { wrongLength: "chunked" } },
    },
  ];

  test.each(faults)("$name", async ({ fault, exchanges = 1 }) => {
    const { world: nights, run, archive, counters } = await nightWith([fault]);

    expect(run.report?.status).toBe("finished");
    expect(counters.faults + counters.unauthorized).toBeGreaterThan(0);
    expect(differencesFromTruth(nights, archive, days)).toEqual([]);
    expect(counters.tokenExchanges).toHaveLength(exchanges);
    expect(counters.limited).toBe(0);
  });

  test("when a 429 comes: the whole group is blocked until Retry-After has passed", async () => {
    const penaltyMs = 90_000;
    const {
      world: nights,
      archive,
      counters,
    } = await nightWith([
      { on: "recordingContent", after: 4, what: { status: 429, penaltyMs, headers: { "retry-after": "90" } } },
    ]);

    expect(differencesFromTruth(nights, archive, days)).toEqual([]);
    // Those of the same burst were on their way already; then nothing is sent until the penalty is over.
    const limitedAtMs = counters.heavyRequests.find(({ limited }) => limited)?.atMs ?? 0;
    const next = counters.heavyRequests.find(({ atMs }) => atMs > limitedAtMs)?.atMs ?? 0;
    expect(counters).toMatchObject({ limited: 1, insidePenalty: 0 });
    expect(next - limitedAtMs).toBeGreaterThanOrEqual(penaltyMs);
  });
});

test("a recording whose length RingCentral itself misstates is stored as it came, because nothing shows the mistake", async () => {
  const world = await enterFastNights({ account });
  const [id = ""] = Object.keys(world.ringCentral.truth("2026-11-02").recordings);
  world.ringCentral.plan({ on: { endpoint: "recordingContent", recordingId: id }, what: { wrongLength: "declared" } });

  await world.night();

  expect((await world.contents()).recordings[id]?.bytes).toBeLessThan(
    world.ringCentral.truth().recordings[id]?.bytes ?? 0,
  );
});

describe("a night with a recording that cannot be fetched leaves its day open with the reason:", () => {
  const cases: { readonly name: string; readonly what: Fault["what"]; readonly result: string }[] = [
    { name: "JSON where audio was due", what: "jsonAsAudio", result: "not-audio" },
    { name: "a body shorter than it promised, every time", what: "cut", result: "unavailable" },
  ];

  test.each(cases)("$name", async ({ what, result }) => {
    const world = await enterFastNights({ account });
    const [id] = Object.keys(world.ringCentral.truth("2026-11-02").recordings);
    world.ringCentral.plan({ on: { endpoint: "recordingContent", recordingId: id }, times: "always", what });

    const run = await world.night();

    expect(run.report?.status).toBe("finished");
    const archive = await world.contents();
    const manifest = archive.manifests["2026-11-02"];
    expect(manifest?.openReasons).toContain("recordings-pending");
    expect(manifest?.totals.pending).toBe(1);
    expect(manifest?.recordings.find((entry) => entry.id === id)).toMatchObject({
      state: "pending",
      attempts: [{ result }],
    });
    expect(differencesFromTruth(world, archive, days).filter((line) => !line.startsWith(String(id)))).toEqual([]);
  });

  test("one recording is refused, which may be fixed, and is requested again on later nights", async () => {
    const world = await enterFastNights({ account });
    const [id] = Object.keys(world.ringCentral.truth("2026-11-02").recordings);
    const body = { errorCode: "CMN-419", message: "refused", errors: [{ errorCode: "CMN-419" }] };
    world.ringCentral.plan({ on: { endpoint: "recordingContent", recordingId: id }, what: { status: 403, body } });

    await world.night();

    const refused = (await world.contents()).manifests["2026-11-02"];
    const entry = { state: "pending", attempts: [{ result: "refused", code: "CMN-419" }] };
    expect(refused?.recordings.find((each) => each.id === id)).toMatchObject(entry);
    await world.nextNight();
    expect(differencesFromTruth(world, await world.contents(), days)).toEqual([]);
  });

  test("all recordings are refused, even if only a few are new every night, and the run says so", async () => {
    const calls = ["01", "02"].flatMap((night) =>
      ["1", "2", "3"].map((n) => ({
        id: `c${night}${n}`,
        startTime: `2026-11-${night}T20:00:00.000Z`,
        recording: { id: `${night}${n}` },
      })),
    );
    const what = { status: 403, body: { errorCode: "CMN-419", message: "refused" } };
    const world = await enterFastNights({
      start: new Date("2026-11-02T08:30:00Z"),
      account: { firstDay: "2026-11-01", lastDay: "2026-11-02", calls: { perDay: 0 }, plannedCalls: calls },
      faults: [{ on: "recordingContent", what, times: "always" }],
    });

    const first = await world.night();
    const second = await world.nextNight();

    expect(first.report?.status).toBe("finished");
    expect(second.error?.message).toContain("answered 403 CMN-419");
  });

  test("one recording is answered 401 twice, the second time to a new token, and is fetched the next night", async () => {
    const world = await enterFastNights({ account });
    const [id] = Object.keys(world.ringCentral.truth("2026-11-02").recordings);
    world.ringCentral.plan({ on: { endpoint: "recordingContent", recordingId: id }, times: 2, what: { status: 401 } });

    const run = await world.night();

    expect(run.report?.status).toBe("finished");
    expect(world.ringCentral.counters().byEndpoint.token).toBe(2);
    const manifest = (await world.contents()).manifests["2026-11-02"];
    const entry = { state: "pending", attempts: [{ result: "refused", code: "OAU-213", othersSucceeded: true }] };
    expect(manifest?.recordings.find((each) => each.id === id)).toMatchObject(entry);
    await world.nextNight();
    expect(differencesFromTruth(world, await world.contents(), days)).toEqual([]);
  });
});

describe("a night that cannot continue fails with a hint:", () => {
  test("a missing permission stops the run before any recording is given up", async () => {
    const world = await enterFastNights({ account: { ...account, permissions: ["ReadCompanyInfo"] } });

    const run = await world.night();

    expect(run.error?.code).toBe("API_REFUSED");
    expect(world.ringCentral.counters().byEndpoint.recordingContent ?? 0).toBe(0);
  });

  test("an error that stops the fetching does not keep listed days and stored recordings out of the manifests", async () => {
    const world = await enterFastNights({ account });
    world.ringCentral.plan({
      on: "recordingContent",
      after: 6,
      times: "always",
      what: { status: 403, body: { errorCode: "CMN-401", permissionName: "ReadCallRecording", errors: [] } },
    });

    const run = await world.night();

    expect(run.error).toBeDefined();
    const { manifests } = await world.contents();
    expect(Object.keys(manifests)).toEqual(days);
    expect(Object.values(manifests).reduce((sum, { totals }) => sum + totals.stored, 0)).toBe(6);
  });

  test("a missing credential is reported with a hint", async () => {
    const world = await openWorld({ inMemory: true, ringCentral: { account }, secret: undefined });
    onTestFinished(world.stop);

    const run = await world.night();

    expect(run.status).toBe("FAILED");
    expect(world.lambda.logs("archive-calls")).toContain("put-secret-value");
    expect(world.lambda.logs("archive-calls")).toContain("RunsFailed");
  });

  test("a refused credential is exchanged once, and not again within the hour by the schedule", async () => {
    const world = await enterFastNights({
      account,
      faults: [
        {
          on: "token",
          times: "always",
          what: { status: 400, body: { error: "invalid_grant", errors: [{ errorCode: "OAU-213" }] } },
        },
      ],
    });

    const first = await world.night();
    world.clock.advance(10 * 60_000);
    const second = await world.night();

    expect([first.error?.code, second.error?.code]).toEqual(["CREDENTIAL_REFUSED", "CREDENTIAL_REFUSED"]);
    expect(world.ringCentral.counters().tokenExchanges).toHaveLength(1);
    expect(first.error?.message).toContain("OAU-213");
  });
});
