import { describe, expect, test } from "vitest";
import { Pause, type PauseReason } from "../../shared/core/async/pause.ts";
import { emptyTally } from "../../shared/core/whose-fault.ts";
import { JobError } from "../../shared/errors.ts";
import type { Items, ItemsCursor } from "../../shared/runtime/items.ts";
import { TimeUp } from "../../shared/runtime/slice.ts";
import { workThrough } from "../../shared/runtime/work-through.ts";

const until = new Date(90_000);
const pause = (reason: PauseReason) => new Pause(until, reason);

interface SliceChange extends Partial<Omit<Items<string>, "from">> {
  readonly from?: ItemsCursor;
  /** @default 2 seconds; an item takes one */
  readonly maxSliceMs?: number;
}

/** Runs one slice in which each item ends as given: well, found in the archive, or with the thrown value. */
async function sliceOf(
  ends: Readonly<Record<string, unknown>>,
  { from, maxSliceMs = 2_000, ...more }: SliceChange = {},
) {
  const cursors: ItemsCursor[] = [];
  let nowMs = 0;
  const items: Items<string> = {
    concurrency: 4,
    from: (place) => Object.keys(ends).slice(place),
    nameOf: (item) => item,
    work: async (item, succeeded) => {
      nowMs += 1_000;
      if (ends[item] === "found") return;
      if (ends[item] !== "good") throw ends[item];
      succeeded();
    },
    reportFailure: async () => {},
    ...more,
  };
  let ended: unknown = "at its end";
  try {
    for await (const cursor of workThrough(items, { now: () => new Date(nowMs), maxSliceMs }, from))
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
    ["in which every request waited begins with one item", { one: pause("rate-limited") }, true],
    [
      "that ended because a service was unavailable begins with one item, although it obtained something",
      { one: "good", two: pause("unavailable") },
      true,
    ],
    ["that ended with its rate window and obtained something does not", { one: "good", two: pause("window") }, false],
    [
      "that ended because the rate group was blocked, and obtained something, does not",
      { one: "good", two: pause("rate-limited") },
      false,
    ],
  ])("%s", async (_rule, ends, beginsWithOne) => {
    expect((await sliceOf(ends)).last.beginsWithOne).toBe(beginsWithOne);
  });
});

describe("a slice that ends has obtained", () => {
  test.each([
    ["nothing if RingCentral blocked the rate group", { one: pause("rate-limited") }, false],
    ["nothing if it waits for a token", { one: pause("token") }, false],
    ["nothing if everything was unavailable", { one: pause("unavailable") }, false],
    ["nothing if all requests of the window were fruitless", { one: pause("window") }, false],
    ["something, although the window ended it", { one: "good", two: pause("window") }, true],
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

test("an unavailable service is awaited as long as it requests", async () => {
  const { ended } = await sliceOf({ one: pause("unavailable") });

  expect(ended).toMatchObject({ reason: "unavailable", until });
});

test("the tally names the first item that failed", async () => {
  const own = new JobError("API_NOT_FOUND", "404");

  const { last } = await sliceOf({ one: "good", two: own, three: own }, { concurrency: 1 });

  expect(last.tally).toMatchObject({ failed: 1, firstFailed: "two" });
  expect((await sliceOf({ two: own, three: own })).last.tally).toMatchObject({ failed: 2, firstFailed: "two" });
});

describe("a failure that cannot be stored", () => {
  const own = new JobError("API_NOT_FOUND", "404");

  test.each([
    [
      "while S3 is unavailable stays undecided, and is awaited",
      true,
      expect.objectContaining({ reason: "unavailable" }),
    ],
    ["because S3 denies it ends the work", false, expect.objectContaining({ code: "STORAGE_FAILED" })],
  ])("%s", async (_rule, retryable, ends) => {
    const reportFailure = async () => {
      throw new JobError("STORAGE_FAILED", "PutObject", { retryable });
    };

    const { ended, last } = await sliceOf({ one: own }, { reportFailure });

    expect([ended, last.undecided, last.tally.failed]).toEqual([ends, [{ place: 0 }], 0]);
  });
});

test("finished items wait to be saved, up to the maximum", async () => {
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

describe("a slice that continues where another ended", () => {
  /** The first item has failed in two slices, and both others are requested with it. */
  const before: ItemsCursor = {
    ...{ slice: 2, next: 1, signs: { api: 1, storage: 1 }, beginsWithOne: false, unavailableSlices: 2, streaks: [] },
    undecided: [{ place: 0, suspicion: { evidence: "unavailable", source: "api", since: 2, slices: 2 } }],
    ...{ row: { result: "", count: 0 }, tally: emptyTally },
  };
  /** Ends only when all have begun. */
  const together = (ends: Readonly<Record<string, unknown>>): Items<string>["work"] => {
    const all = Promise.withResolvers<void>();
    let begun = 0;
    return async (item, succeeded) => {
      if (++begun === Object.keys(ends).length) all.resolve();
      await all.promise;
      if (ends[item] !== "good") throw ends[item];
      succeeded();
    };
  };

  test("requests no control if no login is possible", async () => {
    const ends = { one: pause("unavailable"), two: new JobError("CREDENTIAL_REFUSED", "OAU-213") };
    let controls = 0;

    const { ended } = await sliceOf(ends, { from: before, work: together(ends), control: async () => void controls++ });

    expect([ended, controls]).toEqual([expect.objectContaining({ code: "CREDENTIAL_REFUSED" }), 0]);
  });

  test("waits for its window, even if a control has settled the doubt", async () => {
    const window = new Pause(new Date(120_000), "window");
    const ends = { one: pause("unavailable"), two: window };

    const { ended, last } = await sliceOf(ends, { from: before, work: together(ends), control: async () => {} });

    expect(ended).toMatchObject({ reason: "window", until: window.until });
    expect([last.undecided, last.tally.failed]).toEqual([[{ place: 1 }], 1]);
  });

  test("ends with S3's error if a failure that a control has settled cannot be stored", async () => {
    const reportFailure = async () => {
      throw new JobError("STORAGE_FAILED", "PutObject");
    };

    const { ended, last } = await sliceOf(
      { one: pause("unavailable") },
      { from: before, reportFailure, control: async () => {} },
    );

    expect(ended).toMatchObject({ code: "STORAGE_FAILED" });
    expect([last.undecided.length, last.tally.failed]).toEqual([1, 0]);
  });
});

test("a slice without a request, such as one that only finds stored objects, leaves open how the next begins", async () => {
  const ends = { one: "found", two: "found", three: "found" };

  const { ended, last } = await sliceOf(ends, { concurrency: 1 });

  expect([ended, (ended as TimeUp).obtained, last.beginsWithOne]).toEqual([expect.any(TimeUp), undefined, true]);
});

describe("consecutive slices in which RingCentral was unavailable are counted", () => {
  const twoBefore: ItemsCursor = {
    ...{ slice: 2, next: 0, undecided: [], signs: { api: 0, storage: 0 }, beginsWithOne: true, unavailableSlices: 2 },
    ...{ streaks: [], row: { result: "", count: 0 }, tally: emptyTally },
  };
  const s3Away = new JobError("STORAGE_FAILED", "SlowDown", { retryable: true });

  test.each([
    ["and the third requests a control", { one: pause("unavailable"), two: "good" }, 3, 1],
    ["and the third requests none where something came", { one: "good", two: pause("unavailable") }, 3, 0],
    ["until a response comes", { one: "good", two: "good" }, 0, 0],
    ["and one that only waited for its window changes nothing", { one: pause("window") }, 2, 0],
    ["and one in which only S3 was away changes nothing, and requests no control", { one: s3Away }, 2, 0],
  ] as const)("%s", async (_rule, ends, count, requested) => {
    let controls = 0;
    const control = async () => {
      controls++;
      throw pause("unavailable");
    };

    const { last } = await sliceOf(ends, { from: twoBefore, control });

    expect([last.unavailableSlices, controls]).toEqual([count, requested]);
  });
});

/** Lets everything continue that needs no wait. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

test("the first response for an item lets others begin, even before the item is finished", async () => {
  const begun: string[] = [];
  let seen: readonly string[] = [];

  await sliceOf(
    { one: "good", two: "good", three: "good" },
    {
      work: async (item, succeeded) => {
        begun.push(item);
        if (item !== "one") return;
        await turns();
        succeeded();
        await turns();
        seen = [...begun];
      },
    },
  );

  expect(seen).toEqual(["one", "two", "three"]);
});

test("a failure is reported with whether another item had succeeded by then", async () => {
  const own = new JobError("API_NOT_FOUND", "404");
  const reported: boolean[] = [];
  const reportFailure: Items<string>["reportFailure"] = async (_item, { othersSucceeded }) =>
    void reported.push(othersSucceeded);

  await sliceOf({ one: own, two: "good", three: own }, { reportFailure, concurrency: 1, maxSliceMs: 60_000 });

  expect(reported).toEqual([false, true]);
});

test("time is not up before an item is decided, however long it takes", async () => {
  const { last } = await sliceOf({ one: "good", two: "good" }, { concurrency: 1, maxSliceMs: 0 });

  expect(last.tally.done).toBe(1);
});

test("for any end of a slice, running items are ended and kept first", async () => {
  const slow = Promise.withResolvers<void>();
  let ended = 0;

  const { last } = await sliceOf(
    { one: "good", two: new JobError("CREDENTIAL_REFUSED", "OAU-213"), three: "good" },
    {
      work: async (item, succeeded) => {
        succeeded();
        if (item === "two") {
          setImmediate(slow.resolve);
          throw new JobError("CREDENTIAL_REFUSED", "OAU-213");
        }
        await slow.promise;
        ended++;
      },
    },
  );

  expect([ended, last.tally.done]).toEqual([2, 2]);
});

describe("failures with the same result are no longer in a row", () => {
  const own = new JobError("API_BAD_REQUEST", "400");
  const many = (count: number) => Array.from({ length: count }, (_, n) => [`${count} ${n}`, own] as const);

  test("once an item between them is done, even if it was only found in the archive", async () => {
    const ends = Object.fromEntries([...many(59), ["found", "found"], ...many(58)]);

    const { ended, last } = await sliceOf(ends, { maxSliceMs: 600_000 });

    expect([ended, last.tally.failed]).toEqual(["at its end", 117]);
  });

  test("if a part of each was obtained before it failed", async () => {
    const work: Items<string>["work"] = async (_item, succeeded) => {
      succeeded();
      throw own;
    };

    const { ended, last } = await sliceOf(Object.fromEntries(many(100)), { work, maxSliceMs: 600_000 });

    expect([ended, last.tally.failed]).toEqual(["at its end", 100]);
  });
});

test("an item that is found in the archive lets others begin, too", async () => {
  let [underWay, most] = [0, 0];

  await sliceOf(
    { one: "found", two: "found", three: "found" },
    {
      work: async () => {
        most = Math.max(most, ++underWay);
        await turns();
        underWay--;
      },
    },
  );

  expect(most).toBe(2);
});

describe("after denials another item succeeds:", () => {
  const denied = new JobError("API_REFUSED", "403");
  const five = { one: denied, two: denied, three: denied, four: denied, five: denied };
  const work: Items<string>["work"] = async (item, succeeded) => {
    if (item in five) throw denied;
    if (item === "late") await turns();
    succeeded();
    if (item === "later") await turns();
  };
  const from: ItemsCursor = {
    ...{
      slice: 1,
      next: 0,
      undecided: [],
      signs: { api: 0, storage: 0 },
      beginsWithOne: false,
      unavailableSlices: 0,
      streaks: [],
    },
    ...{ row: { result: "", count: 0 }, tally: emptyTally },
  };

  test("five of them do not keep the items behind them waiting", async () => {
    const ends = { ...five, late: "good", six: "good", seven: "good" };

    const { ended, last } = await sliceOf(ends, { from, work, concurrency: 6, maxSliceMs: 60_000 });

    expect([ended, last.tally.done, last.tally.failed]).toEqual(["at its end", 3, 5]);
  });

  test("if they cannot be stored, running items are ended and kept first", async () => {
    const reportFailure = async () => {
      throw new JobError("STORAGE_FAILED", "PutObject");
    };

    const { ended, last } = await sliceOf(
      { one: denied, late: "good", later: "good" },
      { from, work, reportFailure, concurrency: 6, maxSliceMs: 60_000 },
    );

    expect(ended).toMatchObject({ code: "STORAGE_FAILED" });
    expect([last.tally.done, last.undecided.length]).toEqual([2, 1]);
  });
});
