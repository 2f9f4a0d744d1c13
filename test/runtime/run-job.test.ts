import { describe, expect, test } from "vitest";
import { Pause } from "../../shared/core/async/pause.ts";
import { JobError } from "../../shared/errors.ts";
import type { PacedWork } from "../../shared/runtime/job.ts";
import { runInMemory, start, type TestServices } from "../support/runtime/run-in-memory.ts";

const unavailable = () => new JobError("STORAGE_FAILED", "S3 cannot be reached", { retryable: true });

describe("a run fails", () => {
  test("before anything begins if its request has another form, and says what is invalid", async () => {
    let began = false;
    const { error, ended, engine } = await runInMemory(
      async () => {
        began = true;
      },
      { request: { days: "all of them" } },
    );

    expect(error).toMatchObject({ code: "REQUEST_INVALID", retryable: false });
    expect(String(error)).toMatch(/days: expected array/);
    expect(began).toBe(false);
    expect(engine.names()).toEqual(["step end: failed"]);
    expect(ended).toMatchObject([{ status: "failed", error: { code: "REQUEST_INVALID" } }]);
  });

  test("at once on an unexpected error, and does not quote its text", async () => {
    const { error, waits, released } = await runInMemory(async (_request, job) =>
      job.step("divide", async () => {
        throw new TypeError("secret words");
      }),
    );

    expect(error).toMatchObject({ code: "UNEXPECTED", details: { kind: "TypeError" } });
    expect(JSON.stringify(error)).not.toContain("secret words");
    expect(waits).toEqual([]);
    expect(released).toEqual(["the-run"]);
  });

  test("at once on an error that waiting does not fix, with its code, and its hint in the message", async () => {
    const { error, ended, engine } = await runInMemory(async (_request, job) =>
      job.step("request", async () => {
        throw new JobError("API_REFUSED", "403", { hint: "give the permission" });
      }),
    );

    // Of what ends an execution AWS keeps only name and message.
    expect(error).toMatchObject({ code: "API_REFUSED", message: "403. give the permission" });
    expect(ended).toMatchObject([{ status: "failed", error: { message: "403", hint: "give the permission" } }]);
    expect(engine.names()).toEqual(["step claim", "step request", "step end: failed"]);
  });

  test("after an hour of fruitless attempts, with growing waits, and its error is no longer retryable", async () => {
    let attempts = 0;
    const { error, waits, passedMs } = await runInMemory(async (_request, job) =>
      job.step("store", async () => {
        attempts++;
        throw unavailable();
      }),
    );

    expect(error).toMatchObject({ code: "STORAGE_FAILED", retryable: false });
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, ...Array(11).fill(300)]);
    expect(attempts).toBe(waits.length + 1);
    expect(passedMs).toBeGreaterThanOrEqual(3_600_000);
  });

  test.each(["unavailable", "token", "rate-limited"] as const)(
    "after an hour of pauses with the reason %s without success",
    async (reason) => {
      const { error, waits } = await runInMemory(async (_request, job) =>
        job.step("request", async (s) => {
          throw new Pause(s.inSeconds(30), reason);
        }),
      );

      expect(error).toMatchObject({ code: "API_UNAVAILABLE", details: { reason } });
      expect(waits).toEqual([30, 30, 30, 40, 80, 160, ...Array(11).fill(300)]);
    },
  );

  test("after eight fruitless slices, even if an hour has passed before, with waits for the rate window between them", async () => {
    let attempts = 0;
    const { error } = await runInMemory((_request, job) =>
      // biome-ignore lint/correctness/useYield: it never gets that far
      job.pacedLoop("walk", async function* (s) {
        attempts++;
        s.useUp(600);
        throw new Pause(s.inSeconds(5), "unavailable");
      }),
    );

    expect(error).toMatchObject({ code: "API_UNAVAILABLE" });
    expect(attempts).toBe(8);
  });

  test("after an hour of slices that moved their cursor and obtained nothing", async () => {
    const { error, passedMs } = await runInMemory((_request, job) =>
      job.pacedLoop<number>("walk", async function* (s, from = 0) {
        yield from + 1;
        throw new Pause(s.inSeconds(2), "unavailable", { obtained: false });
      }),
    );

    expect(error).toMatchObject({ code: "API_UNAVAILABLE" });
    expect(passedMs).toBeLessThan(65 * 60_000);
  });

  test("and after work that ended so, attempts the next work only twice more, not for another hour", async () => {
    const attempts: string[] = [];
    const { passedMs } = await runInMemory(async (_request, job) => {
      for (const name of ["list", "fetch"]) {
        await job.catchJobError(
          // biome-ignore lint/correctness/useYield: it never gets that far
          job.pacedLoop(name, async function* (s) {
            attempts.push(name);
            throw new Pause(s.inSeconds(5), "unavailable");
          }),
        );
      }
    });

    expect(attempts.filter((name) => name === "fetch")).toHaveLength(2);
    expect(passedMs).toBeLessThan(75 * 60_000);
  });

  test("and after a refused login, sends RingCentral no more requests, but does its last work", async () => {
    const worked: string[] = [];
    const { error } = await runInMemory(async (_request, job) => {
      const listed = await job.catchJobError(
        job.step("list", () => Promise.reject(new JobError("CREDENTIAL_REFUSED", "no"))),
      );
      const work = (name: string) =>
        async function* () {
          worked.push(name);
          yield 1;
        };
      await job.catchJobError(job.pacedLoop("fetch", work("fetch")));
      await job.pacedLoop("close", work("close"), { reserved: true });
      if (listed.error) throw listed.error;
    });

    expect(worked).toEqual(["close"]);
    expect(error).toMatchObject({ code: "CREDENTIAL_REFUSED" });
  });

  test("by an invalid event, with a hint", async () => {
    const { error, ended } = await runInMemory(async () => {}, { event: { request: {} } });

    expect(error).toMatchObject({ code: "REQUEST_INVALID" });
    expect(String(error)).toContain("Start runs with start-run");
    expect(ended).toEqual([]);
  });

  test("if its services cannot be opened, says why, and is counted", async () => {
    const { error, ended } = await runInMemory(async () => {}, {
      opening: () => {
        throw new JobError("CONFIG_INVALID", "ARCHIVE_BUCKET is missing");
      },
    });

    expect(error).toMatchObject({ code: "CONFIG_INVALID" });
    expect(ended).toMatchObject([{ status: "failed", error: { code: "CONFIG_INVALID" } }]);
  });
});

describe("a rate window that a step has used up", () => {
  test("is waited for before the next paced work, and not before work of another group", async () => {
    const { waits, engine } = await runInMemory(async (_request, job) => {
      await job.pacedLoop<number>("list", async function* (s) {
        s.useUp(60);
        yield 1;
      });
      await job.step("plan", async () => 1);
      await job.pacedLoop<number>("fetch", async function* () {
        yield 1;
      });
    });

    expect(engine.names()).toEqual([
      "step claim",
      "step list",
      "step plan",
      "step fetch",
      "wait fetch: window",
      "step fetch",
      "step end: finished",
    ]);
    expect(waits).toEqual([60]);
  });

  test("is waited for within a work whose pause is shorter", async () => {
    const worked: number[] = [];
    const { report } = await runInMemory((_request, job) =>
      job.pacedLoop<number>("walk", async function* (s, from = 0) {
        worked.push((s.now().getTime() - start) / 1000);
        s.useUp(60);
        yield from + 1;
        if (from === 0) throw new Pause(s.inSeconds(5), "unavailable");
      }),
    );

    expect(report?.status).toBe("finished");
    expect(worked).toEqual([0, 60]);
  });

  test("is passed on to the next run, whatever stopped this one", async () => {
    const { error, quietSeconds } = await runInMemory((_request, job) =>
      // biome-ignore lint/correctness/useYield: it never gets that far
      job.pacedLoop("walk", async function* (s) {
        s.useUp(60);
        throw new JobError("API_REFUSED", "403");
      }),
    );

    expect(error).toMatchObject({ code: "API_REFUSED" });
    expect(quietSeconds).toBe(60);
  });

  test("delays no run if there was none", async () => {
    const { released, quietSeconds } = await runInMemory(async () => {});

    expect(released).toEqual(["the-run"]);
    expect(quietSeconds).toBeUndefined();
  });
});

describe("a run that catches the error of work", () => {
  test("continues after the failure, and still fails with it", async () => {
    const { error, ended, engine } = await runInMemory(async (_request, job) => {
      const { error: failure } = await job.catchJobError(
        job.step("fetch", () => Promise.reject(new JobError("API_REFUSED", "403"))),
      );
      await job.step("close", async () => 1);
      if (failure) throw failure;
    });

    expect(error).toMatchObject({ code: "API_REFUSED" });
    expect(engine.names()).toEqual(["step claim", "step fetch", "step close", "step end: failed"]);
    expect(ended).toMatchObject([{ status: "failed" }]);
  });

  test("has nothing to throw if the work succeeds", async () => {
    const { report } = await runInMemory(async (_request, job) => job.catchJobError(job.step("fetch", async () => 1)));

    expect(report).toMatchObject({ status: "finished", result: { value: 1 } });
  });

  test("does not continue if a newer run has taken over", async () => {
    let closed = false;
    const { report } = await runInMemory(
      async (_request, job) => {
        await job.catchJobError(job.step("fetch", async () => 1));
        closed = true;
      },
      { isOwner: () => false },
    );

    expect(report?.status).toBe("superseded");
    expect(closed).toBe(false);
  });

  test("stays within the limit of operations", async () => {
    const { engine, ended } = await runInMemory(async (_request, job) => {
      const { error: failure } = await job.catchJobError(
        job.pacedLoop<number>("fetch", async function* (s, from = 0) {
          yield from + 1;
          if (from === 1_100) throw new JobError("API_REFUSED", "403");
          throw new Pause(s.inSeconds(60), "window");
        }),
      );
      await job.pacedLoop<number>(
        "close",
        async function* (s, from = 0) {
          yield from + 1;
          throw new Pause(s.inSeconds(1), "window");
        },
        { reserved: true },
      );
      if (failure) throw failure;
    });

    expect(engine.journal.length).toBeGreaterThan(2_400);
    expect(engine.journal.length).toBeLessThan(2_600);
    expect(ended).toMatchObject([{ status: "failed", error: { code: "API_REFUSED" } }]);
  });
});

describe("a run continues", () => {
  test("after seven fruitless attempts and a good one, as if nothing had failed", async () => {
    let attempts = 0;
    const { report, waits } = await runInMemory(async (_request, job) => {
      for (const name of ["one", "two"]) {
        await job.step(name, async () => {
          if (++attempts % 8 !== 0) throw unavailable();
          return name;
        });
      }
    });

    expect(report?.status).toBe("finished");
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 5, 10, 20, 40, 80, 160, 300]);
  });

  test("as long as every slice obtains something, even if each ends unavailable", async () => {
    const { report, waits } = await runInMemory((_request, job) =>
      job.pacedLoop<number>("walk", async function* (s, from = 0) {
        if (from === 30) return;
        yield from + 1;
        throw new Pause(s.inSeconds(7), "unavailable", { obtained: true });
      }),
    );

    expect(report?.status).toBe("finished");
    expect(waits).toEqual(Array(30).fill(7));
  });

  test("from the last cursor, even if slices in between yielded none", async () => {
    const begun: number[] = [];
    const { report } = await runInMemory((_request, job) =>
      job.pacedLoop<number>("walk", async function* (s, from = 0) {
        begun.push(from);
        if (begun.length === 2 || begun.length === 3) throw new Pause(s.inSeconds(5), "unavailable");
        yield from + 1;
        if (from < 2) throw new Pause(s.inSeconds(5), "window");
      }),
    );

    expect(report?.status).toBe("finished");
    expect(begun).toEqual([0, 1, 1, 1, 2]);
  });

  test("as long as only the rate limit delays it", async () => {
    let pauses = 0;
    const { report, waits } = await runInMemory((_request, job) =>
      job.step("request", async (s) => {
        if (++pauses <= 40) throw new Pause(s.inSeconds(60), "window");
      }),
    );

    expect(report?.status).toBe("finished");
    expect(waits).toEqual(Array(40).fill(60));
  });

  test("after an earlier run's requests have left the rate window", async () => {
    const { engine, passedMs } = await runInMemory(async (_request, job) => job.step("work", async () => 1), {
      waitSeconds: 60,
    });

    expect(engine.names()[1]).toBe("wait wait for the earlier run's rate window");
    expect(passedMs).toBe(60_000);
  });
});

describe("a run that is no longer the owner", () => {
  test("ends superseded before its next slice, does not fail, and does not release the owner record", async () => {
    let requested = 0;
    const done: number[] = [];
    const { report, ended, released } = await runInMemory(
      (_request, job) =>
        job.pacedLoop<number>("walk", async function* (s, from = 0) {
          done.push(from);
          yield from + 1;
          throw new Pause(s.inSeconds(60), "window");
        }),
      { isOwner: () => ++requested <= 3 },
    );

    expect(report).toEqual({ run: "the-run", status: "superseded", result: null });
    expect(done).toEqual([0, 1, 2]);
    expect(ended).toEqual([{ status: "superseded", error: undefined }]);
    expect(released).toEqual([]);
  });
});

describe("before the engine's limit of operations", () => {
  test("a run pauses, and its last work is still done", async () => {
    const closed: number[] = [];
    const { report, engine, ended } = await runInMemory(async (_request, job) => {
      await job.pacedLoop<number>("walk", async function* (s, from = 0) {
        yield from + 1;
        throw new Pause(s.inSeconds(60), "window");
      });
      await job.pacedLoop<number>(
        "close",
        async function* (s, from = 0) {
          if (from === 10) return;
          closed.push(from);
          yield from + 1;
          throw new Pause(s.inSeconds(1), "window");
        },
        { reserved: true },
      );
      return "returned";
    });

    expect(report).toMatchObject({ status: "paused", result: "returned" });
    expect(closed).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(engine.journal.length).toBeGreaterThan(2_300);
    expect(engine.journal.length).toBeLessThan(2_600);
    expect(ended.map(({ status }) => status)).toEqual(["paused"]);
  });

  test("a run whose last work does not end is paused, too", async () => {
    const { report, engine } = await runInMemory((_request, job) =>
      job.pacedLoop<number>(
        "close",
        async function* (s, from = 0) {
          yield from + 1;
          throw new Pause(s.inSeconds(1), "window");
        },
        { reserved: true },
      ),
    );

    expect(report?.status).toBe("paused");
    expect(engine.journal.length).toBeLessThan(2_600);
  });
});

test("the end of a run is reported once, and the owner record released", async () => {
  const { ended, released, engine } = await runInMemory(async (request) => request.days.length, {
    request: { days: ["2026-11-01"] },
    kills: [{ operation: 1, when: "before" }],
  });

  expect(ended).toEqual([{ status: "finished", error: undefined }]);
  expect(released).toEqual(["the-run"]);
  expect(engine.names().at(-1)).toBe("step end: finished");
});

describe("after work that ended without any success at RingCentral,", () => {
  const never: PacedWork<TestServices, number> = async function* (s, from = 0) {
    yield from + 1;
    throw new Pause(s.now(), "unavailable", { obtained: false });
  };

  test("work without requests to RingCentral is attempted for as long as ever", async () => {
    let attempts = 0;
    const { report } = await runInMemory(async (_request, job) => {
      await job.catchJobError(job.pacedLoop("list", never));
      await job.step("plan", async () => {
        if (++attempts < 8) throw unavailable();
      });
    });

    expect([report?.status, attempts]).toEqual(["finished", 8]);
  });

  test("work has an hour of its own again once some work has obtained something", async () => {
    const { engine } = await runInMemory(async (_request, job) => {
      await job.catchJobError(job.pacedLoop("first", never));
      await job.pacedLoop<number>("second", async function* (s, from = 0) {
        if (from === 1) return;
        yield 1;
        throw new Pause(s.now(), "window", { obtained: true });
      });
      await job.catchJobError(job.pacedLoop("third", never));
    });

    const slicesOf = (name: string) => engine.names().filter((each) => each === `step ${name}`).length;
    expect(slicesOf("third")).toBe(slicesOf("first"));
  });
});

test("a run that waits for a token tries again every five minutes, because another holder may end sooner", async () => {
  const looked: number[] = [];
  const { waits } = await runInMemory((_request, job) =>
    job.pacedLoop<number>("walk", async function* (s, from = 0) {
      looked.push(s.secondsSinceStart());
      yield from + 1;
      if (from < 3) throw new Pause(s.inSeconds(1_200), "token", { obtained: true });
    }),
  );

  expect([looked, waits]).toEqual([
    [0, 300, 600, 900],
    [300, 300, 300],
  ]);
});

test("a pause ends with its wait, even if a clock set it that was a day ahead", async () => {
  let slices = 0;
  let correctClock = () => {};

  const { report, waits } = await runInMemory(
    (_request, job) =>
      job.step("look", async ({ inSeconds, passes }) => {
        if (++slices > 1) return null;
        correctClock = () => {
          passes(-24 * 3_600);
          correctClock = () => {};
        };
        throw new Pause(inSeconds(5), "unavailable");
      }),
    {
      isOwner: () => {
        correctClock();
        return true;
      },
    },
  );

  expect([report?.status, waits]).toEqual(["finished", [5]]);
});
