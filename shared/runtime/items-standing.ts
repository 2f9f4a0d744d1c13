import { areTooManyAlike, type Signs, type Tally } from "../core/whose-fault.ts";
import type { JobError } from "../errors.ts";
import type { Items, ItemsCursor } from "./items.ts";
import { createStreaks, type Streaks } from "./streaks.ts";

/** What a slice knows of the work on items: what came of those that are decided, and when there was last a sign of life. */
export interface ItemsStanding<Item> extends Pick<Streaks, "next"> {
  readonly signs: Signs;
  readonly tally: Tally;
  /** Items decided in this slice, and how many of them since they were last saved. */
  readonly decided: number;
  readonly unsaved: number;
  /** The last failure that was noted, if so many in a row failed alike that it may concern all. */
  readonly failureOfAll: JobError | undefined;
  /** Notes a new response. */
  readonly gaveSign: () => void;
  readonly succeeded: (item: Item, isNew: boolean) => void;
  readonly failed: (item: Item, result: string, error: JobError) => void;
  /** Notes an item that is left for the next run. */
  readonly left: (item: Item) => void;
  readonly saved: () => void;
  readonly toCursor: () => Pick<ItemsCursor, "signs" | "streaks" | "row" | "tally">;
}

const noRow = { result: "", count: 0 };

export function createItemsStanding<Item>(items: Items<Item>, from: ItemsCursor, slice: number): ItemsStanding<Item> {
  const { groupOf = () => "", isFirstTime = () => true } = items;
  const streaks = createStreaks(from.streaks);
  const signs = { ...from.signs };
  let { tally, row } = from;
  let [decided, unsaved] = [0, 0];
  let lastFailure: JobError | undefined;

  const count = (item: Item, change: Partial<Tally>) => {
    decided++;
    unsaved++;
    tally = { ...tally, ...change, firstTime: tally.firstTime + (isFirstTime(item) ? 1 : 0) };
  };

  return {
    signs,
    next: streaks.next,
    get tally() {
      return tally;
    },
    get decided() {
      return decided;
    },
    get unsaved() {
      return unsaved;
    },
    get failureOfAll() {
      return areTooManyAlike(row.count) ? lastFailure : undefined;
    },
    gaveSign: () => {
      signs.api = slice;
      row = noRow;
    },
    succeeded: (item, isNew) => {
      signs.storage = slice;
      row = noRow;
      streaks.succeeded(groupOf(item));
      count(item, { tried: tally.tried + 1, done: tally.done + 1, succeeded: tally.succeeded + (isNew ? 1 : 0) });
    },
    failed: (item, result, error) => {
      streaks.failed(groupOf(item), result);
      // What does not exist says so by itself, and its group bounds it; anything else, again and again, may be the server's.
      const isCounted = error.code !== "API_NOT_FOUND" || !items.groupOf;
      row = { result: error.code, count: isCounted ? 1 + (row.result === error.code ? row.count : 0) : 0 };
      lastFailure = error;
      const alike = { ...tally.alike, [result]: (tally.alike[result] ?? 0) + 1 };
      const firstFailed = tally.firstFailed ?? items.nameOf(item);
      count(item, { tried: tally.tried + 1, failed: tally.failed + 1, alike, firstFailed });
    },
    left: (item) => count(item, { left: tally.left + 1 }),
    saved: () => {
      unsaved = 0;
    },
    toCursor: () => ({ signs: { ...signs }, streaks: streaks.read(), row, tally }),
  };
}
