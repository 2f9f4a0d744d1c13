import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forEachConcurrent } from "../../../shared/core/async/for-each-concurrent.ts";
import { orderedProgress } from "../../../shared/core/async/ordered-progress.ts";

/** Returns work whose items end when the scheduler says so; items in `failing` throw. */
function scheduledWork(scheduler: fc.Scheduler, failing: ReadonlySet<number>) {
  const log = { started: [] as number[], done: new Set<number>(), failed: [] as number[], underWay: 0, widest: 0 };
  const work = async (item: number) => {
    log.started.push(item);
    log.widest = Math.max(log.widest, ++log.underWay);
    await scheduler.schedule(Promise.resolve());
    log.underWay--;
    if (failing.has(item)) {
      log.failed.push(item);
      throw new Error(`item ${item}`);
    }
    log.done.add(item);
  };
  return { log, work };
}

async function drain(cursors: AsyncIterable<number>, check: (cursor: number) => void) {
  try {
    for await (const cursor of cursors) check(cursor);
    return undefined;
  } catch (error) {
    return error;
  }
}

const plans = fc.record({
  count: fc.nat({ max: 20 }),
  from: fc.nat({ max: 20 }),
  concurrency: fc.integer({ min: 1, max: 8 }),
  failing: fc.uniqueArray(fc.nat({ max: 20 }), { maxLength: 3 }),
});

describe("for any order in which items end,", () => {
  test("only finished prefixes are yielded, in rising order, up to the first failure", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plans, async (scheduler, { count, from, concurrency, failing }) => {
        const items = Array.from({ length: count }, (_, item) => item);
        const { log, work } = scheduledWork(scheduler, new Set(failing));
        const cursors: number[] = [];

        const drained = drain(
          orderedProgress(items.slice(from), { alreadyDone: from, concurrency }, work),
          (cursor) => {
            expect(items.slice(from, cursor).every((item) => log.done.has(item))).toBe(true);
            cursors.push(cursor);
          },
        );
        const error = await scheduler.waitFor(drained);

        expect(cursors).toEqual([...new Set(cursors)].sort((a, b) => a - b));
        expect(error).toEqual(log.failed.length > 0 ? new Error(`item ${log.failed[0]}`) : undefined);
        if (!error) expect(cursors.at(-1) ?? Math.max(from, count)).toBe(Math.max(from, count));
      }),
    );
  });

  test("each item is processed once, at most as many at a time as the concurrency allows, and none is running at the end", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plans, async (scheduler, { count, from, concurrency, failing }) => {
        const items = Array.from({ length: count }, (_, item) => item);
        const { log, work } = scheduledWork(scheduler, new Set(failing));

        const error = await scheduler.waitFor(
          drain(orderedProgress(items.slice(from), { alreadyDone: from, concurrency }, work), () => {}),
        );

        expect(log.underWay).toBe(0);
        expect(log.widest).toBeLessThanOrEqual(concurrency);
        expect(log.started).toEqual(items.slice(from, error ? from + log.started.length : undefined));
      }),
    );
  });
});

test("if the reader stops early, running items are awaited and no more start", async () => {
  const ended: number[] = [];
  const work = async (item: number) => {
    for (let turns = 0; turns < item; turns++) await Promise.resolve();
    ended.push(item);
  };

  for await (const _cursor of orderedProgress([0, 40, 20, 30], { alreadyDone: 0, concurrency: 3 }, work)) break;

  expect(ended).toEqual([0, 20, 40]);
});

test("work without cursors throws the first error after all running items have ended", async () => {
  const ended: string[] = [];
  const work = async (item: string) => {
    if (item === "bad") throw new Error("bad item");
    await Promise.resolve();
    ended.push(item);
  };

  await expect(forEachConcurrent(["one", "bad", "two", "never"], 3, work)).rejects.toThrow("bad item");
  expect(ended).toEqual(["one", "two"]);
});
