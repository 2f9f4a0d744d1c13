import type { Signs, Suspicion, Tally } from "../core/whose-fault.ts";
import type { JobError, SerializedError } from "../errors.ts";

/** Why an item is not done, by its own fault. */
export interface ItemFailure {
  readonly error: JobError;
  /** Failures with the same text are alike. */
  readonly result: string;
  /** True if another item of its kind had succeeded in this run by then. */
  readonly othersSucceeded: boolean;
}

/** Everything of one kind that a step works through: days to list, recordings, queries, datasets, tables. */
export interface Items<Item> {
  readonly concurrency: number;
  /** The items from `place` on; the same in every slice of the run. */
  readonly from: (place: number) => Iterable<Item> | AsyncIterable<Item>;
  /** For logs and errors: a day, a group, a key. Never a phone number or a name. */
  readonly nameOf: (item: Item) => string;
  /**
   * Works on one; calls `succeeded` for every good response that is new. What it throws is judged by the driver.
   * @throws Pause, JobError
   */
  readonly work: (item: Item, succeeded: () => void) => Promise<void>;
  /** Notes that the item failed by its own fault, so that it stays due and says why. */
  readonly note: (item: Item, failure: ItemFailure) => Promise<void>;
  /** Stores what `work` and `note` have collected; awaited before every cursor. @default nothing is collected */
  readonly save?: () => Promise<void>;
  /** How many items may wait for `save`. @default 1 */
  readonly maxUnsaved?: number;
  /**
   * Asks for something that was had before, in this run the item `done`: a good response shows that failures are the items'
   * own. Undefined where there is nothing to ask for. @throws like `work`
   */
  readonly control?: (done: Item | undefined) => Promise<void> | undefined;
  /** Items of a group of which item after item fails wait for the next run. @default there are no groups */
  readonly groupOf?: (item: Item) => string;
  /** True for an item that is due for the first time. @default every item is */
  readonly isFirstTime?: (item: Item) => boolean;
  /** True where a few items, all denied, are noted instead of ending the work. @default false */
  readonly areFewNoted?: boolean;
  /** Failures with the same text are alike. @default the error's code, and the server's own word for it */
  readonly resultOf?: (error: JobError, item: Item) => string;
  /** What to do once every item is decided. */
  readonly end?: (tally: Tally) => Promise<void>;
}

/** An item that is not decided, and why. */
export interface Undecided {
  readonly place: number;
  readonly suspicion?: Suspicion | undefined;
  readonly error?: SerializedError | undefined;
}

/** Where the work on items stands; all that is decided is stored. */
export interface ItemsCursor {
  readonly slice: number;
  /** Every item before this place has been started; those of them that are not decided are in `undecided`. */
  readonly next: number;
  readonly undecided: readonly Undecided[];
  readonly signs: Signs;
  /** Whether the next slice begins with one item, as the first does. */
  readonly beginsWithOne: boolean;
  /** Slices in a row that ended because RingCentral was unavailable. */
  readonly unavailableSlices: number;
  /** Place of the last item that is done by a new response. */
  readonly lastDone?: number | undefined;
  /** Of the groups that were worked on last. */
  readonly streaks: readonly Streak[];
  /** How many items failed in a row with this text, since the last that succeeded. */
  readonly row: { readonly result: string; readonly count: number };
  readonly tally: Tally;
}

/** How many items of a group in a row failed alike; none counts once one has succeeded. */
export interface Streak {
  readonly group: string;
  readonly result: string;
  readonly count: number;
  readonly hasSucceeded: boolean;
}
