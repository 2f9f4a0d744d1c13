import { describe, expect, test } from "vitest";
import { Env } from "../../shared/contract.ts";
import type { ArchiveEstimate } from "../../shared/jobs/archive-calls/estimate.ts";
import type { TablesEstimate } from "../../shared/jobs/build-tables/estimate.ts";
import type { AnalyticsEstimate } from "../../shared/jobs/collect-analytics/estimate.ts";
import type { JobName } from "../../shared/jobs.ts";
import { enterFastWorld } from "../support/enter-fast-world.ts";
import type { FastRun, FastRunOptions } from "../support/fast-run.ts";
import type { FastWorld } from "../support/fast-world.ts";

const hourMs = 3_600_000;

/** Returns the estimate of a request from `start-run`, without starting anything. */
async function dryRun<Estimate>(world: FastWorld, request: object): Promise<Estimate> {
  const { response, event } = await world.sendRequest({ ...request, dryRun: true });
  if (!("estimate" in response) || event) throw new Error(JSON.stringify(response));
  return response.estimate as Estimate;
}

interface Counted {
  readonly run: FastRun;
  readonly requests: number;
  readonly minutes: number;
}

/** Starts the request and counts what its run requests from RingCentral. */
async function counted(world: FastWorld, request: object, options: FastRunOptions = {}): Promise<Counted> {
  const { response, event } = await world.sendRequest(request);
  if (!response.started || !event) throw new Error(JSON.stringify(response));
  const job = response.job as JobName;
  const before = world.ringCentral().counters().byGroup.heavy;
  const begun = world.clock.now();
  const run = await world.run(job, { run: event.run, ...options, request: event.request as object });
  const heavy = world.ringCentral().counters().byGroup.heavy - before;
  const analytics = run.requests.filter((each) => each.includes("/analytics/")).length;
  const minutes = (world.clock.now() - begun) / 60_000;
  return { run, requests: job === "archive-calls" ? heavy : analytics, minutes };
}

/** The estimate of a request, and the run that follows. */
async function both<
  Estimate extends Pick<ArchiveEstimate, "requestsAtLeast" | "minutesAtLeast" | "notCounted"> = ArchiveEstimate,
>(world: FastWorld, request: object) {
  const estimate = await dryRun<Estimate>(world, request);
  const run = await counted(world, request);
  expect(run.requests).toBeGreaterThanOrEqual(estimate.requestsAtLeast);
  expect(run.minutes).toBeGreaterThanOrEqual(estimate.minutesAtLeast);
  if (estimate.notCounted.length === 0) expect(run.requests).toBe(estimate.requestsAtLeast);
  return { estimate, ...run };
}

const archive = { job: "archive-calls" };
const small = { calls: { perDay: 8 }, recordings: { bytes: 500 } };
/** Every second recording is never found. */
const halfMissing = { calls: { perDay: 10 }, recordings: { bytes: 500, neverShare: 0.5 } };

describe("a run of archive-calls sends at least as many requests as its estimate", () => {
  test("on a first night of 12 days, for which no recording is counted", async () => {
    const account = { firstDay: "2026-10-23", calls: { perDay: 6 }, recordings: { bytes: 500 } };
    const world = await enterFastWorld({ account });

    const { estimate, requests, minutes } = await both(world, archive);

    expect(estimate).toMatchObject({
      ...{ days: 12, daysNeverListed: 12, recordingsDue: 0, requestsAtLeast: 12, minutesAtLeast: 1 },
      rateLimit: { requestsPerMinute: 10, isAssumed: true },
      notCounted: [expect.stringContaining("Recordings of days that were never listed (12)")],
    });
    expect([requests > 3 * estimate.requestsAtLeast, minutes > 3 * estimate.minutesAtLeast]).toEqual([true, true]);
  });

  test("on a second night, with recordings that are due and others that are not", async () => {
    const world = await enterFastWorld({ account: halfMissing });
    for (let night = 0; night < 2; night++) {
      await world.run("archive-calls");
      world.clock.advance(24 * hourMs);
    }

    const { estimate, run } = await both(world, archive);

    const pending = Object.values(await world.manifests()).reduce((sum, { totals }) => sum + totals.pending, 0);
    expect(estimate.recordingsDue).toBeGreaterThan(0);
    expect(estimate.recordingsDue).toBeLessThan(pending);
    expect(run.error).toBeUndefined();
  });

  test("and exactly as many if no day is to be listed, even if the previous run was stopped at any instant", async () => {
    const world = await enterFastWorld({ account: { ...small, calls: { perDay: 20 } } });
    const due: number[] = [];

    for (const operation of [26, 16, 16]) {
      const death = { operation, when: "after" } as const;
      await counted(world, archive, { run: `stopped ${due.length}`, death, goesOn: false });
      const { recordingsDue } = await dryRun<ArchiveEstimate>(world, archive);
      due.push(recordingsDue);
    }
    const { estimate, requests } = await both(world, archive);

    expect(due.toSorted((a, b) => b - a)).toEqual(due);
    expect(estimate.notCounted).toEqual([]);
    expect([requests, requests > 0]).toEqual([estimate.recordingsDue, true]);
  });

  test("of none, right after a night", async () => {
    const world = await enterFastWorld({ account: halfMissing });
    await world.run("archive-calls");
    world.clock.advance(hourMs);

    const { estimate, requests } = await both(world, archive);

    expect(estimate).toMatchObject({ requestsAtLeast: 0, minutesAtLeast: 0, notCounted: [], hints: [] });
    expect([requests, estimate.days]).toEqual([0, 3]);
  });

  test("for a closed day that is listed again", async () => {
    const world = await enterFastWorld({ account: { ...small, lastDay: "2026-11-03" } });
    for (let night = 0; night < 3; night++) {
      await world.run("archive-calls");
      world.clock.advance(20 * hourMs);
    }
    const day = "2026-11-02";

    const usual = await dryRun<ArchiveEstimate>(world, { ...archive, days: [day] });
    const { estimate, requests } = await both(world, { ...archive, days: [day], relist: true });

    expect([usual.closed, estimate.closed]).toEqual([[day], []]);
    expect(estimate.requestsAtLeast).toBe(usual.requestsAtLeast + 1);
    expect(estimate.notCounted.join()).toMatch(/days that are listed again \(2; calls in the last listing: \d+\)/);
    expect(requests).toBeGreaterThanOrEqual(1);
  });

  test("at a limit that was raised and is known since, and takes at least as many minutes", async () => {
    const limits = { heavy: { limit: 60, windowMs: 60_000, penaltyMs: 60_000 } };
    const account = { firstDay: "2026-11-02", calls: { perDay: 110 }, recordings: { bytes: 500 } };
    const world = await enterFastWorld({ account, limits });
    const death = { operation: 60, when: "after" } as const;
    await world.run("archive-calls", { run: "stopped", death, goesOn: false });

    const { estimate } = await both(world, archive);

    expect(estimate.rateLimit).toEqual({ requestsPerMinute: 60, isAssumed: false });
    expect(estimate.minutesAtLeast).toBe(Math.ceil(estimate.requestsAtLeast / 60) - 1);
    expect(estimate.minutesAtLeast).toBeGreaterThan(0);
  });
});

test("a request for closed days starts a run like any night's, and the response says that they are closed", async () => {
  const world = await enterFastWorld({ account: { ...small, lastDay: "2026-11-02" } });
  for (let night = 0; night < 3; night++) {
    await world.run("archive-calls");
    world.clock.advance(24 * hourMs);
  }

  const { response, event } = await world.sendRequest({ from: "2026-11-01", to: "2026-11-03" });

  expect(response).toMatchObject({
    started: true,
    estimate: { closed: ["2026-11-01", "2026-11-02"], hints: [expect.stringContaining('"relist": true')] },
  });
  expect(event?.request).toMatchObject({ days: ["2026-11-01", "2026-11-02"], relist: false });
});

describe("a run of collect-analytics sends at least as many requests as its estimate", () => {
  const request = { job: "collect-analytics" };
  const account = { calls: { perDay: 4 }, organisation: { users: 101 } };
  const few = { [Env.analyticsGroups]: "Company,Users", [Env.analyticsMetrics]: "allCalls", [Env.recollectDays]: "1" };

  test("on a first night, for which further pages are not counted", async () => {
    const world = await enterFastWorld({ account, environment: few });

    const { estimate, requests } = await both<AnalyticsEstimate>(world, request);

    expect(estimate).toMatchObject({ days: 3, rateLimit: { requestsPerMinute: 50, isAssumed: true } });
    expect(estimate.notCounted.join()).toContain("their number is not known");
    expect(requests).toBeGreaterThan(2 * estimate.requestsAtLeast);
  });

  test("if days are requested again, and says how many pages they had when they were last collected", async () => {
    const world = await enterFastWorld({ account, environment: few });
    await world.run("collect-analytics");

    const again = await both<AnalyticsEstimate>(world, { ...request, days: ["2026-11-02"] });

    expect(again.estimate.notCounted.join()).toContain(
      `with as many keys as last time, ${again.requests} API requests in all`,
    );
  });

  test("of none if nothing is due", async () => {
    const world = await enterFastWorld({ account, environment: few });
    await world.run("collect-analytics");

    const { estimate } = await both<AnalyticsEstimate>(world, request);

    expect(estimate).toMatchObject({ days: 0, requestsAtLeast: 0, notCounted: [], hints: [] });
  });

  test("and says that a stopped run has left responses, which the next stores without a request", async () => {
    const world = await enterFastWorld({ account, environment: few });
    const fetched = (key: string) => key.includes("/responses/");
    const writes: string[] = [];
    await world.run("collect-analytics", {
      run: "stopped",
      isOverdue: () => writes.filter(fetched).length > 1,
      onRequest: ({ operation, target }, stage) => {
        if (stage === "carried-out" && operation === "PutObject") writes.push(target);
      },
      goesOn: false,
    });

    const { estimate } = await both<AnalyticsEstimate>(world, request);

    expect(estimate.notCounted.join()).toContain("an earlier run began before it was stopped");
  });
});

describe("a run of build-tables builds exactly the days of its estimate", () => {
  test.each([{}, { days: ["2026-11-02"] }, { days: ["2026-11-02"], rebuild: true }])("for %j", async (fields) => {
    const world = await enterFastWorld({ account: small });
    await world.run("archive-calls");
    if ("days" in fields) await world.run("build-tables");

    const request = { job: "build-tables", ...fields };
    const estimate = await dryRun<TablesEstimate>(world, request);
    const { run } = await counted(world, request);

    expect(run.report?.result).toEqual({ days: estimate.days });
  });
});
