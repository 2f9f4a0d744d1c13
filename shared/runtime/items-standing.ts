import { areTooManyAlike, type Signs, type Tally } from "../core/whose-fault.ts";
import type { JobError } from "../errors.ts";
import type { Items, ItemsCursor } from "./items.ts";
import { createStreaks, type Streaks } from "./streaks.ts";

/** Results of the items decided so far, and the newest sign that API and storage work. */
export interface ItemsStanding<Item> extends Pick<Streaks, "next"> {
  readonly signs: Signs;
  readonly tally: Tally;
  /** Items decided in this slice, and those among them decided since the last save. */
  readonly decided: number;
  readonly unsaved: number;
  /** The last failure, if enough items in a row failed alike that it may concern all of them. */
  readonly failureOfAll: JobError | undefined;
  /** Counts a usable response that is new. */
  readonly newResponse: () => void;
  readonly succeeded: (item: Item, isNew: boolean) => void;
  readonly failed: (item: Item, result: string, error: JobError) => void;
  /** Counts an item that is left for the next run. */
  readonly left: (item: Item) => void;
  readonly saved: () => void;
  readonly toCursor: () => Pick<ItemsCursor, "signs" | "streaks" | "row" | "tally">;
}

const noRow = { result: "", count: 0 };

/** Creates tally, signs and streaks of one slice, from the last stored cursor. */
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
    newResponse: () => {
      signs.api = slice;
      row = noRow;
    },
    succeeded: (item, isNew) => {
      signs.storage = slice;
      row = noRow;
      streaks.succeeded(groupOf(item));
      count(item, {
        attempted: tally.attempted + 1,
        done: tally.done + 1,
        succeeded: tally.succeeded + (isNew ? 1 : 0),
      });
    },
    failed: (item, result, error) => {
      streaks.failed(groupOf(item), result);
      // A missing item proves itself missing, and its group limits it. Any other repeated failure may be the server's fault.
      const isCounted = error.code !== "API_NOT_FOUND" || !items.groupOf;
      row = { result: error.code, count: isCounted ? 1 + (row.result === error.code ? row.count : 0) : 0 };
      lastFailure = error;
      const failedByResult = { ...tally.failedByResult, [result]: (tally.failedByResult[result] ?? 0) + 1 };
      const firstFailed = tally.firstFailed ?? items.nameOf(item);
      count(item, { attempted: tally.attempted + 1, failed: tally.failed + 1, failedByResult, firstFailed });
    },
    left: (item) => count(item, { left: tally.left + 1 }),
    saved: () => {
      unsaved = 0;
    },
    toCursor: () => ({ signs: { ...signs }, streaks: streaks.read(), row, tally }),
  };
}
