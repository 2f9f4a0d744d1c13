import type { Signs, Suspicion, Tally } from "../core/whose-fault.ts";
import type { JobError, SerializedError } from "../errors.ts";

/** Why an item failed, when the item itself is at fault. */
export interface ItemFailure {
  readonly error: JobError;
  /** Failures with the same text are alike. */
  readonly result: string;
  /** True if another item of this kind had succeeded in this run. */
  readonly othersSucceeded: boolean;
}

/** The work of one step, item by item: days to list, recordings, queries, datasets or tables. */
export interface Items<Item> {
  readonly concurrency: number;
  /** Returns the items from `place` on, the same in every slice of the run. */
  readonly from: (place: number) => Iterable<Item> | AsyncIterable<Item>;
  /** Names an item in logs and errors by day, group or key. Never by phone number or person. */
  readonly nameOf: (item: Item) => string;
  /**
   * Processes one item. Calls `succeeded` for every usable response that is new; the caller classifies what it throws.
   * @throws Pause, JobError
   */
  readonly work: (item: Item, succeeded: () => void) => Promise<void>;
  /** Logs a failure that is the item's own, and writes the event that keeps the item due. */
  readonly reportFailure: (item: Item, failure: ItemFailure) => Promise<void>;
  /** Stores what `work` and `reportFailure` have buffered; awaited before every cursor. @default nothing is buffered */
  readonly save?: () => Promise<void>;
  /** Items that may wait for `save`. @default 1 */
  readonly maxUnsaved?: number;
  /**
   * Requests something that RingCentral served before, such as the item `done`. Success proves that failures are the items'
   * own. Undefined if nothing was served yet. @throws like `work`
   */
  readonly control?: (done: Item | undefined) => Promise<void> | undefined;
  /** If the items of a group keep failing alike, the rest of the group waits for the next run. @default no groups */
  readonly groupOf?: (item: Item) => string;
  /** True for an item that was never attempted before. @default all items */
  readonly isFirstTime?: (item: Item) => boolean;
  /** True if a few items, all denied, are reported as failed instead of ending the work. @default false */
  readonly areFewReported?: boolean;
  /** Returns a text that is equal for failures that are alike. @default error code and the server's own code */
  readonly resultOf?: (error: JobError, item: Item) => string;
  /** Runs once every item is decided. */
  readonly end?: (tally: Tally) => Promise<void>;
}

/** An item that neither succeeded nor failed yet, and why. */
export interface Undecided {
  readonly place: number;
  readonly suspicion?: Suspicion | undefined;
  readonly error?: SerializedError | undefined;
}

/** Cursor of the work on items; every decided item is stored. */
export interface ItemsCursor {
  readonly slice: number;
  /** Every item before this place was started. `undecided` lists those that are not decided. */
  readonly next: number;
  readonly undecided: readonly Undecided[];
  readonly signs: Signs;
  /** Whether the next slice begins with one item, as the first does. */
  readonly beginsWithOne: boolean;
  /** Consecutive slices that ended because RingCentral was unavailable. */
  readonly unavailableSlices: number;
  /** Place of the last item that succeeded with a new response. */
  readonly lastDone?: number | undefined;
  /** Streaks of the last groups. */
  readonly streaks: readonly Streak[];
  /** Consecutive items that failed with this text since the last success. */
  readonly row: { readonly result: string; readonly count: number };
  readonly tally: Tally;
}

/** Consecutive items of a group that failed alike. After a success in the group the streak no longer stops it. */
export interface Streak {
  readonly group: string;
  readonly result: string;
  readonly count: number;
  readonly hasSucceeded: boolean;
}
