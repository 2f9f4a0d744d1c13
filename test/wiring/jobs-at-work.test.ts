import { describe, expect, test } from "vitest";
import { toBody } from "../../shared/aws/bucket.ts";
import { Env, maxRunDays } from "../../shared/contract.ts";
import { stateKeys } from "../../shared/core/object-keys.ts";
import { JobError } from "../../shared/errors.ts";
import { createJobsAtWork } from "../../shared/wiring/jobs-at-work.ts";
import { enterFastWorld } from "../support/enter-fast-world.ts";
import type { FastRunOptions } from "../support/fast-run.ts";
import type { FastWorld } from "../support/fast-world.ts";

const other = "collect-analytics";
const key = stateKeys.owner(other);
const dayMs = 24 * 3_600_000;

/** A world in which another job, of the same rate group, has begun a run `daysAgo` and not ended it. */
async function besideAnotherJob(daysAgo: number): Promise<FastWorld> {
  const world = await enterFastWorld({ account: { calls: { perDay: 12, recordedShare: 1 } } });
  const since = new Date(world.clock.now() - daysAgo * dayMs).toISOString();
  const record = JSON.stringify({ nonce: "n", run: "the other's", since });
  await world.during(() => world.state.put(key, toBody(record), "application/json"));
  return world;
}

/** Runs `archive-calls` beside that job. Returns the most Heavy requests of a window, and the GETs of the other's record. */
async function runBeside(world: FastWorld, options: FastRunOptions = {}) {
  let reads = 0;
  const run = await world.run("archive-calls", {
    ...options,
    environment: { [Env.rateGroupJobs]: other },
    onRequest: ({ operation, target }, stage) => {
      if (operation === "GetObject" && target.endsWith(key) && stage === "sent") reads++;
    },
  });
  const { heavyRequests, limited } = world.ringCentral().counters();
  const times = heavyRequests.map(({ atMs }) => atMs);
  const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length));
  return { status: run.report?.status, most, limited, reads, slices: run.steps.length };
}

describe("a job beside another of its rate group", () => {
  test("takes half of the limit, and reads the other's record at most once a slice", async () => {
    const { status, most, limited, reads, slices } = await runBeside(await besideAnotherJob(0));

    expect([status, most, limited]).toEqual(["finished", 5, 0]);
    expect(reads).toBeGreaterThan(1);
    expect(reads).toBeLessThan(slices);
  });

  test("takes the whole limit if the other's run died so long ago that AWS has ended it", async () => {
    const { status, most, limited } = await runBeside(await besideAnotherJob(maxRunDays));

    expect([status, most, limited]).toEqual(["finished", 10, 0]);
  });

  test("takes the other's share back when that job ends", async () => {
    const world = await besideAnotherJob(0);
    let fetches = 0;
    const ended = JSON.stringify({ nonce: "m", run: "the other's", since: new Date(0), ended: new Date(0) });
    const onStep = async (name: string, when: string) => {
      if (name === "fetch" && when === "begins" && ++fetches === 3)
        await world.state.put(key, toBody(ended), "application/json");
    };

    const { status, most, limited } = await runBeside(world, { onStep });

    expect([status, most, limited]).toEqual(["finished", 10, 0]);
  });
});

describe("the other job", () => {
  const now = () => new Date("2026-11-04T08:30:00Z");

  test("does not count if its record is unreadable, because no run continues over that", async () => {
    const world = await enterFastWorld();
    await world.during(() => world.state.put(key, toBody("{"), "application/json"));

    expect(await world.during(createJobsAtWork(world.state, [other], now))).toBe(1);
  });

  test("counts if S3 does not give its record", async () => {
    const { state } = await enterFastWorld();
    const get = () => Promise.reject(new JobError("STORAGE_FAILED", "denied"));

    expect(await createJobsAtWork({ ...state, get }, [other], now)()).toBe(2);
  });
});
