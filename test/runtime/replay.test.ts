import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Pause } from "../../shared/core/async/pause.ts";
import { JobError } from "../../shared/errors.ts";
import type { Kill } from "../support/runtime/in-memory-engine.ts";
import { type RunOptions, runInMemory, start } from "../support/runtime/run-in-memory.ts";

/** A run with everything in it: kept results, cursors, pauses, faults; each slice is noted with where it began. */
async function eventfulRun(options: RunOptions) {
  const slices: (number | undefined)[] = [];
  let faults = 0;
  const run = await runInMemory(async (_request, job) => {
    const { count } = await job.step("count", async () => ({ count: 7, at: new Date(start) }));
    await job.pacedLoop<number>("walk", async function* (s, from) {
      slices.push(from);
      for (let done = from ?? 0; done < count; done++) {
        yield done + 1;
        if (done % 2 === 1) throw new Pause(s.inSeconds(60), "window");
      }
    });
    await job.step("store", async () => {
      if (faults++ === 0) throw new JobError("STORAGE_FAILED", "S3 cannot be reached", { retryable: true });
    });
    return count;
  }, options);
  return { ...run, slices };
}

const kills: fc.Arbitrary<Kill[]> = fc.array(
  fc.record({ operation: fc.nat({ max: 14 }), when: fc.constantFrom("before" as const, "within" as const) }),
  { maxLength: 12 },
);

describe("a run whose containers are killed", () => {
  test("takes the same steps to the same end, wherever and however often", async () => {
    const undisturbed = await eventfulRun({});
    await fc.assert(
      fc.asyncProperty(kills, async (planned) => {
        // A kill may swallow the one fault of storing, and with it the wait that follows.
        const { report, engine, error } = await eventfulRun({ kills: planned });

        expect(error).toBeUndefined();
        expect(report).toEqual(undisturbed.report);
        const withoutFault = (names: readonly string[]) => names.filter((name) => !/store/.test(name));
        expect(withoutFault(engine.names())).toEqual(withoutFault(undisturbed.engine.names()));
      }),
    );
  });

  test("begins each slice at the last stored cursor", async () => {
    const { slices, engine } = await eventfulRun({
      kills: [
        { operation: 2, when: "within" },
        { operation: 4, when: "within" },
        { operation: 5, when: "before" },
      ],
    });

    expect(slices).toEqual([undefined, undefined, 2, 2, 4, 6]);
    expect(engine.containers()).toBe(4);
  });
});

test("a run that continues after a failure does so wherever its containers are killed", async () => {
  const failingRun = async (options: RunOptions) => {
    const closed = new Set<number>();
    const run = await runInMemory(async (_request, job) => {
      const { error: failure } = await job.catchJobError(
        job.pacedLoop<number>("fetch", async function* (s, from = 0) {
          s.useUp(60);
          yield from + 1;
          if (from === 1) throw new JobError("API_REFUSED", "403");
          throw new Pause(s.inSeconds(5), "unavailable");
        }),
      );
      await job.pacedLoop<number>(
        "close",
        async function* (s, from = 0) {
          for (let day = from; day < 3; day++) {
            closed.add(day);
            yield day + 1;
            if (day === 0) throw new Pause(s.inSeconds(5), "unavailable");
          }
        },
        { reserved: true },
      );
      if (failure) throw failure;
    }, options);
    return { ...run, closed };
  };
  const undisturbed = await failingRun({});

  await fc.assert(
    fc.asyncProperty(kills, async (planned) => {
      const { error, closed, engine } = await failingRun({ kills: planned });

      expect(error).toMatchObject({ code: "API_REFUSED" });
      expect([...closed]).toEqual([0, 1, 2]);
      expect(engine.names()).toEqual(undisturbed.engine.names());
    }),
  );
});

test("the result of a step is kept as JSON, and the run continues with that", async () => {
  const { report } = await runInMemory(async (_request, job) => {
    const kept: unknown = await job.step("look", async () => ({ at: new Date(start), gone: undefined }));
    return kept;
  });

  expect(report?.result).toEqual({ at: "2026-11-04T08:30:00.000Z" });
});
