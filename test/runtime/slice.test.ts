import { afterEach, describe, expect, test, vi } from "vitest";
import { Pause } from "../../shared/core/pause.ts";
import { JobError } from "../../shared/errors.ts";
import type { RunServices } from "../../shared/runtime/job.ts";
import { runSlice, TimeUp } from "../../shared/runtime/slice.ts";
import { runInMemory, start } from "./run-in-memory.ts";

afterEach(() => {
  vi.useRealTimers();
});

const run = { name: "the-run", manual: false };

/** Services at a standing clock, which note what is logged and published. */
function openServices({ isOwner = true, now = () => new Date(start) } = {}) {
  const notes: string[] = [];
  const services = async (): Promise<RunServices> => ({
    now,
    owner: { take: async () => ({ waitSeconds: 0 }), isOwner: async () => isOwner, release: async () => {} },
    log: { info: () => {}, warn: (message) => notes.push(message), error: () => {} },
    ended: () => {},
    publish: () => notes.push("published"),
  });
  return { notes, options: { run, services, resumeAt: 0 } };
}

describe("a slice that pauses", () => {
  test.each([
    ["to the nearest second, down", 40_400, 40],
    ["to the nearest second, up", 40_600, 41],
    ["not at all for less than half a second", 499, 0],
    ["not at all for what is over", -5_000, 0],
  ])("waits %s", async (_how, ms, waitSeconds) => {
    const until = new Date(start + ms);

    const result = await runSlice(openServices().options, async () => {
      throw new Pause(until, "budget");
    });

    expect(result).toEqual({
      is: "stopped",
      why: { is: "pause", reason: "budget", until: until.getTime(), waitSeconds },
    });
  });

  test("keeps the last cursor that was reached", async () => {
    const result = await runSlice(openServices().options, async (_services, reached) => {
      reached({ decided: 1 });
      reached({ decided: 2 });
      throw new Pause(new Date(start), "fault");
    });

    expect(result).toMatchObject({ is: "stopped", cursor: { decided: 2 } });
  });
});

test("a slice that begins too early by what whole seconds left over waits until its instant", async () => {
  const resumeAt = Date.now() + 40;
  const { options } = openServices({ now: () => new Date() });

  const result = await runSlice({ ...options, resumeAt }, async () => Date.now());

  // A timer may be a millisecond early.
  expect(result.is === "done" && result.value).toBeGreaterThanOrEqual(resumeAt - 1);
});

test("a slice of a run that is not the owner does nothing", async () => {
  let worked = false;
  const { options, notes } = openServices({ isOwner: false });

  const result = await runSlice(options, async () => {
    worked = true;
  });

  expect([result, worked, notes]).toEqual([{ is: "superseded" }, false, ["published"]]);
});

test("a slice that fails logs it, publishes what it counted, and never throws", async () => {
  const { options, notes } = openServices();

  const result = await runSlice(options, async () => {
    throw new JobError("API_REFUSED", "403", { todo: "mend it", details: { status: 403 } });
  });

  expect(notes).toEqual(["a slice failed", "published"]);
  expect(result).toEqual({
    is: "stopped",
    why: {
      is: "failed",
      error: { code: "API_REFUSED", message: "403", todo: "mend it", retryable: false, details: { status: 403 } },
    },
  });
});

test("a slice whose services cannot be opened tells so as plain data", async () => {
  const services = async () => {
    throw new JobError("CREDENTIAL_MISSING", "no value yet");
  };

  const result = await runSlice({ run, services, resumeAt: 0 }, async () => 1);

  expect(result).toMatchObject({ is: "stopped", why: { is: "failed", error: { code: "CREDENTIAL_MISSING" } } });
});

test("work that has had its time stops behind its cursor, and goes on without a wait", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const begun: number[] = [];

  const { report, waits } = await runInMemory((_request, job) =>
    job.paced<number>("walk", async function* (_s, from = 0) {
      begun.push(from);
      for (let done = from; done < 7; done++) {
        vi.advanceTimersByTime(90_000);
        yield done + 1;
      }
    }),
  );

  expect(report?.status).toBe("done");
  expect(begun).toEqual([0, 3, 6]);
  expect(waits).toEqual([]);
});

test("time that is up is told apart from every other end", async () => {
  const result = await runSlice(openServices().options, async () => {
    throw new TimeUp();
  });

  expect(result).toEqual({ is: "stopped", why: { is: "time-up" } });
});
