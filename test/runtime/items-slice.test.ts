import { describe, expect, test } from "vitest";
import { Pause, type PauseReason } from "../../shared/core/pause.ts";
import { JobError } from "../../shared/errors.ts";
import type { Items, ItemsCursor } from "../../shared/runtime/items.ts";
import { TimeUp } from "../../shared/runtime/slice.ts";
import { workThrough } from "../../shared/runtime/work-through.ts";

const until = new Date(90_000);
const pause = (reason: PauseReason) => new Pause(until, reason);

/** One slice in which each item ends as told: well, or with what is thrown. */
async function sliceOf(
  ends: Readonly<Record<string, unknown>>,
  { from, ...more }: Partial<Omit<Items<string>, "from">> & { readonly from?: ItemsCursor } = {},
) {
  const cursors: ItemsCursor[] = [];
  let nowMs = 0;
  const items: Items<string> = {
    concurrency: 4,
    from: (place) => Object.keys(ends).slice(place),
    nameOf: (item) => item,
    work: async (item, succeeded) => {
      nowMs += 1_000;
      if (ends[item] !== "good") throw ends[item];
      succeeded();
    },
    note: async () => {},
    ...more,
  };
  let ended: unknown = "at its end";
  try {
    for await (const cursor of workThrough(items, { now: () => new Date(nowMs), maxSliceMs: 2_000 }, from))
      cursors.push(cursor);
  } catch (error) {
    ended = error;
  }
  const last = cursors.at(-1);
  if (!last) throw new Error("no cursor came");
  return { ended, last };
}

describe("the slice after one", () => {
  test.each([
    ["in which all that was asked for was waited for begins with one item", { one: pause("penalty") }, true],
    ["that ended by a fault begins with one item, though something came", { one: "good", two: pause("fault") }, true],
    ["that ended by its window, and in which something came, does not", { one: "good", two: pause("budget") }, false],
    ["that ended by silence, and in which something came, does not", { one: "good", two: pause("penalty") }, false],
  ])("%s", async (_rule, ends, beginsWithOne) => {
    expect((await sliceOf(ends)).last.beginsWithOne).toBe(beginsWithOne);
  });
});

describe("a slice's end tells whether anything was obtained:", () => {
  test.each([
    ["nothing, where RingCentral asked for silence", { one: pause("penalty") }, false],
    ["nothing, where the token has to be waited for", { one: pause("token") }, false],
    ["nothing, where all was unavailable", { one: pause("fault") }, false],
    ["nothing, where the window was used up for nothing", { one: pause("budget") }, false],
    ["something, though the window ended it", { one: "good", two: pause("budget") }, true],
    ["something, though its time was up", { one: "good", two: "good", three: "good", four: "good" }, true],
  ])("%s", async (_rule, ends, obtained) => {
    const { ended } = await sliceOf(ends, { concurrency: 1 });

    expect(ended === "at its end" ? undefined : (ended as Pause | TimeUp).obtained).toBe(obtained);
  });

  test("time is up only after an item is decided", async () => {
    const { ended, last } = await sliceOf({ one: "good", two: "good", three: "good" }, { concurrency: 1 });

    expect([ended, last.tally.done]).toEqual([expect.any(TimeUp), 2]);
  });
});

test("a fault is waited for as long as it asks for", async () => {
  const { ended } = await sliceOf({ one: pause("fault") });

  expect(ended).toMatchObject({ reason: "fault", until });
});

test("the tally names the first item that failed", async () => {
  const own = new JobError("API_NOT_FOUND", "404");

  const { last } = await sliceOf({ one: "good", two: own, three: own }, { concurrency: 1 });

  expect(last.tally).toMatchObject({ failed: 1, firstFailed: "two" });
  expect((await sliceOf({ two: own, three: own })).last.tally).toMatchObject({ failed: 2, firstFailed: "two" });
});

describe("a failure that cannot be noted", () => {
  const own = new JobError("API_NOT_FOUND", "404");

  test.each([
    ["while S3 is away stays undecided, and is waited for", true, expect.objectContaining({ reason: "fault" })],
    ["for S3 refuses it ends the work", false, expect.objectContaining({ code: "STORAGE_FAILED" })],
  ])("%s", async (_rule, retryable, ends) => {
    const note = async () => {
      throw new JobError("STORAGE_FAILED", "PutObject", { retryable });
    };

    const { ended, last } = await sliceOf({ one: own }, { note });

    expect([ended, last.undecided, last.tally.failed]).toEqual([ends, [{ place: 0 }], 0]);
  });
});

test("what is done waits to be saved, as many items at a time as may", async () => {
  let [saves, unsaved, most] = [0, 0, 0];
  const ends = Object.fromEntries(Array.from({ length: 7 }, (_, n) => [`item ${n}`, "good"]));

  await sliceOf(ends, {
    concurrency: 1,
    maxUnsaved: 2,
    work: async (_item, succeeded) => {
      unsaved++;
      most = Math.max(most, unsaved);
      succeeded();
    },
    save: async () => {
      saves++;
      unsaved = 0;
    },
  });

  expect([saves, most]).toEqual([4, 2]);
});
