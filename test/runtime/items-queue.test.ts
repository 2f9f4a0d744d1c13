import { describe, expect, test } from "vitest";
import { emptyTally } from "../../shared/core/whose-fault.ts";
import type { ItemsCursor, Undecided } from "../../shared/runtime/items.ts";
import { createItemsQueue } from "../../shared/runtime/items-queue.ts";

const cursor: ItemsCursor = {
  ...{ slice: 1, next: 0, undecided: [], signs: { api: 0, storage: 0 }, beginsWithOne: false, unavailableSlices: 0 },
  ...{ streaks: [], row: { result: "", count: 0 }, tally: emptyTally },
};
const failed = (place: number, slices = 1): Undecided => ({
  place,
  suspicion: { evidence: "unavailable", source: "api", since: 1, slices },
});

/** Returns the started items in order, and the places from which items were read. */
async function startAll(count: number, change: Partial<ItemsCursor>) {
  const looked: number[] = [];
  const all = Array.from({ length: count }, (_, place) => place);
  const from = (place: number) => {
    looked.push(place);
    return all.slice(place);
  };
  const queue = createItemsQueue({ from }, { ...cursor, ...change });
  const started: number[] = [];
  for (let next = await queue.next(); next; next = await queue.next()) {
    expect(next.item).toBe(next.place);
    started.push(next.place);
  }
  return { started, looked };
}

describe("a slice starts", () => {
  test("running items first, in their order, then unavailable ones, least often first, then the others", async () => {
    const undecided = [failed(1, 2), failed(3), { place: 4 }, { place: 2 }];

    expect((await startAll(8, { next: 5, undecided })).started).toEqual([2, 4, 3, 1, 5, 6, 7]);
  });

  test("one item that has not failed before those that have, if it begins with one", async () => {
    const undecided = [failed(0), failed(1)];

    expect((await startAll(5, { next: 2, undecided, beginsWithOne: true })).started).toEqual([2, 0, 1, 3, 4]);
  });
});

describe("the source of items is read", () => {
  test("once for running items and those behind them", async () => {
    const undecided = Array.from({ length: 10 }, (_, n) => ({ place: 590 + n }));

    const { started, looked } = await startAll(610, { next: 600, undecided });

    expect([started.length, looked]).toEqual([20, [590]]);
  });

  test.each([
    ["on, past 64 items", 65, [0]],
    ["again for an item further off", 66, [0, 66]],
  ])("%s", async (_rule, place, looked) => {
    const undecided = [{ place: 0 }, { place }];

    expect((await startAll(67, { next: 67, undecided })).looked).toEqual(looked);
  });
});
