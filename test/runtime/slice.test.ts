import { afterEach, describe, expect, test, vi } from "vitest";
import { Pause } from "../../shared/core/async/pause.ts";
import { JobError } from "../../shared/errors.ts";
import type { RunServices } from "../../shared/runtime/job.ts";
import { runSlice, TimeUp } from "../../shared/runtime/slice.ts";
import { start } from "../support/runtime/run-in-memory.ts";

afterEach(() => {
  vi.useRealTimers();
});

const run = { name: "the-run", manual: false };

/** Opens services with a stopped clock, which record logs and metrics. */
function openJob({ isOwner = true, now = () => new Date(start), nextWindowAt = undefined as Date | undefined } = {}) {
  const notes: string[] = [];
  const log = { info: () => {}, warn: (message: string) => void notes.push(message), error: () => {} };
  const services = async (): Promise<RunServices> => ({
    now,
    owner: { claim: async () => ({ waitSeconds: 0 }), isCurrent: async () => isOwner, release: async () => {} },
    log,
    nextWindowAt: () => nextWindowAt,
  });
  const reporter = () => ({ log, ended: () => {}, publish: () => void notes.push("published") });
  return { notes, options: { job: { services, reporter }, run, resumeAtMs: 0 } };
}

describe("a slice that pauses", () => {
  test.each([
    ["to the nearest second, down", 40_400, 40],
    ["to the nearest second, up", 40_600, 41],
    ["not at all for less than half a second", 499, 0],
    ["not at all for what is over", -5_000, 0],
  ])("waits %s", async (_how, ms, waitSeconds) => {
    const until = new Date(start + ms);

    const result = await runSlice(openJob().options, async () => {
      throw new Pause(until, "window");
    });

    expect(result).toMatchObject({
      type: "stopped",
      stop: { type: "pause", reason: "window", until: until.getTime(), waitSeconds },
    });
  });

  test("keeps the last cursor that was yielded", async () => {
    const result = await runSlice(openJob().options, async (_services, reached) => {
      reached({ decided: 1 });
      reached({ decided: 2 });
      throw new Pause(new Date(start), "unavailable");
    });

    expect(result).toMatchObject({ type: "stopped", cursor: { decided: 2 } });
  });
});

test("a slice that begins less than a second early waits until its instant", async () => {
  const resumeAtMs = Date.now() + 40;
  const { options } = openJob({ now: () => new Date() });

  const result = await runSlice({ ...options, resumeAtMs }, async () => Date.now());

  // A timer may be a millisecond early.
  expect(result.type === "done" && result.value).toBeGreaterThanOrEqual(resumeAtMs - 1);
});

test.each([1_001, 45_000])(
  "a slice that begins %i ms early does nothing, and lets the engine wait for free",
  async (early) => {
    let worked = false;
    const until = start + early;

    const result = await runSlice({ ...openJob().options, resumeAtMs: until }, async () => {
      worked = true;
    });

    expect(worked).toBe(false);
    expect(result).toMatchObject({
      type: "stopped",
      stop: { type: "pause", reason: "window", until, waitSeconds: Math.round(early / 1000) },
    });
  },
);

test("a container whose clock is a day behind gets the time from S3's response about the owner before it waits", async () => {
  const dayMs = 24 * 3_600_000;
  let clock = start - dayMs;
  const { options } = openJob({ now: () => new Date(clock) });
  const services = async () => {
    const opened = await options.job.services();
    const isCurrent = async () => {
      clock = start;
      return true;
    };
    return { ...opened, owner: { ...opened.owner, isCurrent } };
  };

  const result = await runSlice({ ...options, job: { ...options.job, services }, resumeAtMs: start }, async () => 1);

  expect(result).toMatchObject({ type: "done", value: 1 });
});

describe("the end of the rate group's wait is returned by a slice", () => {
  const nextWindowAt = new Date(start + 60_000);
  const ends: readonly [string, () => Promise<unknown>][] = [
    ["is done", async () => 1],
    ["pauses for a fault", () => Promise.reject(new Pause(new Date(start + 5_000), "unavailable"))],
    ["has had its time", () => Promise.reject(new TimeUp())],
    ["fails", () => Promise.reject(new JobError("API_REFUSED", "403"))],
  ];

  test.each(ends)("that %s", async (_how, effect) => {
    const result = await runSlice(openJob({ nextWindowAt }).options, effect);

    expect(result).toMatchObject({ nextWindowAtMs: nextWindowAt.getTime() });
  });
});

test("a slice of a run that is not the owner does nothing", async () => {
  let worked = false;
  const { options, notes } = openJob({ isOwner: false });

  const result = await runSlice(options, async () => {
    worked = true;
  });

  expect([result, worked, notes]).toEqual([{ type: "superseded" }, false, ["published"]]);
});

test("a slice that fails logs it, publishes its counts, and never throws", async () => {
  const { options, notes } = openJob();

  const result = await runSlice(options, async () => {
    throw new JobError("API_REFUSED", "403", { hint: "fix it", details: { status: 403 } });
  });

  expect(notes).toEqual(["slice failed", "published"]);
  expect(result).toMatchObject({
    type: "stopped",
    stop: {
      type: "failed",
      error: { code: "API_REFUSED", message: "403", hint: "fix it", retryable: false, details: { status: 403 } },
    },
  });
});

test("a slice whose services cannot be opened logs that and returns it as plain data", async () => {
  const { options, notes } = openJob();
  const services = async () => {
    throw new JobError("CREDENTIAL_MISSING", "no value yet");
  };

  const result = await runSlice({ ...options, job: { ...options.job, services } }, async () => 1);

  expect(notes).toEqual(["slice failed", "published"]);
  expect(result).toMatchObject({ type: "stopped", stop: { type: "failed", error: { code: "CREDENTIAL_MISSING" } } });
});

test("a slice whose time is up is distinguished from every other end", async () => {
  const result = await runSlice(openJob().options, async () => {
    throw new TimeUp();
  });

  expect(result).toEqual({ type: "stopped", atMs: start, stop: { type: "time-up" } });
});
