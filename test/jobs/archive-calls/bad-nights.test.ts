import { describe, expect, test } from "vitest";
import { differencesFromTruth, readArchive } from "../../../lab/demo/archive-contents.ts";
import { enterFastWorld } from "../../support/enter-fast-world.ts";
import type { FastWorld } from "../../support/fast-world.ts";
import { accountOf, recordedCalls } from "../../support/recorded-calls.ts";

const [first, second, third] = ["2026-11-01", "2026-11-02", "2026-11-03"] as const;
const days = [first, second, third];
const account = accountOf(...days.flatMap((day) => recordedCalls(day, 20)));

const differences = async (world: FastWorld) =>
  differencesFromTruth({ ringCentral: world.ringCentral() }, await readArchive(world, `${world.name}-archive`), days);
const entriesOf = async (world: FastWorld) =>
  Object.values(await world.manifests()).flatMap(({ recordings }) => recordings);
const countOf = async (world: FastWorld, state: string) =>
  (await entriesOf(world)).filter((entry) => entry.state === state).length;

test("a night in which a raised limit drops back stores everything, with no request in a penalty", async () => {
  const world = await enterFastWorld({
    account,
    limits: { heavy: { limit: 30, windowMs: 60_000, penaltyMs: 60_000 } },
  });

  const run = await world.run("archive-calls", {
    onStep: (name) => {
      if (name === "plan") world.ringCentral().setLimits({ heavy: { limit: 10, windowMs: 60_000, penaltyMs: 60_000 } });
    },
  });

  expect(run.error).toBeUndefined();
  expect(await differences(world)).toEqual([]);
  expect(world.ringCentral().counters().insidePenalty).toBe(0);
});

test.each([{ status: 503 }, "slowHeaders"] as const)(
  "a night in which RingCentral is unavailable for twenty minutes (%o) stores everything and gives nothing up",
  async (what) => {
    const [from, until] = ["2026-11-04T08:33:00Z", "2026-11-04T08:53:00Z"];
    const faults = (["callLog", "recordingContent", "account", "token"] as const).map((on) => ({
      ...{ on, what, from, until },
      times: "always" as const,
    }));
    const world = await enterFastWorld({ account, faults });

    const run = await world.run("archive-calls");

    expect(run.error).toBeUndefined();
    expect(await differences(world)).toEqual([]);
    expect((await entriesOf(world)).flatMap(({ attempts = [] }) => attempts)).toEqual([]);
    // 60 recordings, three days, and the fruitless requests.
    expect(run.requests.length).toBeLessThanOrEqual(120);
    expect(Date.now()).toBeLessThan(Date.parse("2026-11-04T09:20:00Z"));
  },
);

test("a night in which the JWT is revoked closes its days, writes the ledger, and requests nothing more", async () => {
  const world = await enterFastWorld({ account, tokenLifetimeSeconds: 180 });
  world.ringCentral().plan({
    on: "token",
    what: { status: 400, body: { error: "invalid_grant", errors: [{ errorCode: "OAU-213" }] } },
    from: "2026-11-04T08:31:30Z",
    times: "always",
  });

  const run = await world.run("archive-calls");

  expect(run.error).toMatchObject({ code: "CREDENTIAL_REFUSED" });
  const stored = await countOf(world, "stored");
  expect(stored).toBeGreaterThan(15);
  expect(stored).toBeLessThan(60);
  expect((await entriesOf(world)).flatMap(({ attempts = [] }) => attempts)).toEqual([]);
  expect(await world.ledger()).toHaveLength(1);
  expect(run.steps.slice(-4)).toEqual(["step close", "step ledger", "step gauges", "step end: failed"]);
  expect(run.logins).toBeLessThanOrEqual(3);
});

test("a night in which no recording of yesterday is ready requests twenty of them and stores every other day; the next night stores yesterday", async () => {
  const ready = new Date("2026-11-04T20:00:00Z").toISOString();
  const late = recordedCalls(third, 25).map((call) => ({
    ...call,
    recording: { id: `${call.id}-r`, bytes: 2_000, readyAt: ready },
  }));
  const world = await enterFastWorld({
    account: accountOf(...recordedCalls(first, 5), ...recordedCalls(second, 5), ...late),
  });

  const run = await world.run("archive-calls");
  const requested = run.requests.filter((request) => request.includes(`call-${third}`)).length;
  const stored = await countOf(world, "stored");
  world.clock.advance(24 * 3_600_000);
  const next = await world.run("archive-calls");

  expect([run.error, stored, requested]).toEqual([undefined, 10, 20]);
  expect(run.metrics.RecordingsPending).toBe(25);
  expect(
    (await entriesOf(world)).flatMap(({ attempts = [] }) => attempts).every(({ othersSucceeded }) => !othersSucceeded),
  ).toBe(true);
  expect(next.error).toBeUndefined();
  expect(await differences(world)).toEqual([]);
});

test("a night in which half of the permissions are lost stores what they still allow, and gives nothing up", async () => {
  const world = await enterFastWorld({ account });
  for (const recording of days.flatMap((day) => recordedCalls(day, 20)))
    if (Number(recording.id.split("-").at(-1)) % 2 === 0)
      world.ringCentral().plan({
        on: { endpoint: "recordingContent", recordingId: recording.recording?.id ?? "" },
        what: { status: 403 },
        from: "2026-11-04T08:32:00Z",
        times: "always",
      });

  const run = await world.run("archive-calls");

  const entries = await entriesOf(world);
  const isOdd = ({ id }: { readonly id: string }) => Number(id.split("-").at(-1)) % 2 === 1;
  expect(entries.filter(isOdd).every(({ state }) => state === "stored")).toBe(true);
  expect(entries.flatMap(({ attempts = [] }) => attempts).every(({ othersSucceeded }) => !othersSucceeded)).toBe(true);
  expect(run.metrics.FailedInBulk).toBeGreaterThan(15);
  expect(run.requests.length).toBeLessThanOrEqual(80);
});

test("nights in which one site's recordings are all forbidden store every other, and give none up in 16 nights", async () => {
  const isOfSite = (n: number) => n >= 4 && n < 14;
  const calls = recordedCalls(first, 20).map((call, n) => ({
    ...call,
    recording: { id: `${first}-${n + 1}`, bytes: 2_000, forbidden: isOfSite(n) },
  }));
  const world = await enterFastWorld({
    start: new Date("2026-11-02T08:30:00Z"),
    account: accountOf(...calls, ...recordedCalls("2026-11-20", 1)),
  });

  const run = await world.run("archive-calls");
  expect([run.error, await countOf(world, "stored")]).toEqual([undefined, 10]);
  expect(run.metrics.FailedInBulk).toBe(10);
  // The nights in which they are due again.
  for (const nights of [1, 2, 4, 8]) {
    world.clock.advance(nights * 24 * 3_600_000);
    await world.run("archive-calls");
  }

  expect((await entriesOf(world)).filter(({ attempts = [] }) => attempts.length === 5)).toHaveLength(10);
  expect([await countOf(world, "pending"), await countOf(world, "refused")]).toEqual([10, 0]);
});

describe("the content of the manifests", () => {
  test.each([0, 60])(
    "equals the bucket's objects at 50 Heavy requests a window, with %i ms for each put",
    async (ms) => {
      const world = await enterFastWorld({
        account: accountOf(...days.flatMap((day) => recordedCalls(day, 20))),
        limits: { heavy: { limit: 50, windowMs: 60_000, penaltyMs: 60_000 } },
      });

      const run = await world.run("archive-calls", {
        fate: () => ({
          latencyMs: ({ to, operation }) => ({
            outboundMs: to === "aws" && operation === "PutObject" ? ms : 5,
            inboundMs: 5,
          }),
        }),
      });

      expect(run.error).toBeUndefined();
      expect(await differences(world)).toEqual([]);
      expect(await countOf(world, "stored")).toBe(60);
    },
  );
});

describe("a refused login", () => {
  const refuse = (world: FastWorld) =>
    world.ringCentral().plan({ on: "token", what: { status: 400, body: { error: "invalid_grant" } } });

  test("is not repeated by a schedule for an hour, but at once by a manual run", async () => {
    const world = await enterFastWorld({ account: accountOf(...recordedCalls(first, 1)) });
    refuse(world);
    const refused = await world.run("archive-calls");
    await world.pass(120_000);

    const scheduled = await world.run("archive-calls");
    const byHand = await world.run("archive-calls", { request: {} });

    expect([refused, scheduled].map(({ error, logins }) => [error?.code, logins])).toEqual([
      ["CREDENTIAL_REFUSED", 1],
      ["CREDENTIAL_REFUSED", 0],
    ]);
    expect([byHand.error, byHand.logins]).toEqual([undefined, 1]);
  });
});

test("every 429 is counted in the metrics", async () => {
  const what = { status: 429, headers: { "retry-after": "60" } };
  const world = await enterFastWorld({
    account: accountOf(...recordedCalls(first, 2)),
    faults: [{ on: "recordingContent", what, times: 2 }],
  });

  const run = await world.run("archive-calls");

  expect(run.metrics.RateLimited).toBe(2);
});

test.each([
  ["plan", "GetObject", /^events\//, "DAYS_INCOMPLETE"],
  ["ledger", "PutObject", /^ledger\//, "STORAGE_FAILED"],
] as const)(
  "an object that S3 denies in the step %s fails the run in the end, after the later steps are done",
  async (step, operation, key, code) => {
    const world = await enterFastWorld({ account: accountOf(...recordedCalls(first, 1)) });

    const run = await world.run("archive-calls", {
      onStep: (name, when) => {
        if (name === step && when === "begins")
          world.aws.plan({ on: { operation, key }, what: { status: 403, code: "AccessDenied" } });
      },
    });

    expect(run.error).toMatchObject({ code });
    expect(run.steps.slice(-4)).toEqual(["step close", "step ledger", "step gauges", "step end: failed"]);
    expect(Object.keys(await world.manifests())).toEqual([first, second, third]);
  },
);

test("a night in which no recording of a large day is ready reports it at once, although it requests only twenty", async () => {
  const world = await enterFastWorld({
    account: accountOf(...recordedCalls(second, 40), ...recordedCalls(third, 10)),
    faults: [{ on: { endpoint: "recordingContent", path: `${second}-` }, what: { status: 404 }, times: "always" }],
  });

  const run = await world.run("archive-calls");

  expect(run.metrics.FailedInBulk).toBe(20);
  expect(run.report?.status === "finished" && run.report.result).toMatchObject({ recordings: 50, left: 20 });
});
