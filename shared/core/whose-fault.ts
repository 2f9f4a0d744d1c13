/**
 * Decides whether a failure is the item's fault or a general one. It is the item's if others of its kind succeeded;
 * while none succeeds it is general. One error code alone never decides.
 */

/** Origin of a failure; `here` is a limit of the function, such as space in /tmp. */
export type Source = "api" | "storage" | "here";

/** A failure of one item that may be the item's fault or a general one. */
export interface Suspicion {
  /** `denied`: refused, perhaps because a permission is missing. `unavailable`: no usable response, or a 5xx. */
  readonly evidence: "denied" | "unavailable";
  readonly source: Source;
  /** Number of the slice in which the item first failed like this. */
  readonly since: number;
  /** Slices in which it failed like this. */
  readonly slices: number;
}

/** Number of the last slice in which each source gave a new response or stored an item; 0 if none. */
export type Signs = Readonly<Record<Exclude<Source, "here">, number>>;

/** An item unavailable in this many slices is at fault if others succeeded since. */
const minUnavailableSlices = 3;
/** This many denied items in a row, with no success, may concern all. */
export const minDenialsForAll = 5;
/** After this many failures alike in a group, with no success, the rest of the group waits for the next run. */
export const maxAlikeInGroup = 20;
/** This many failures alike in a row over all groups, with no success, may concern all. */
const minAlikeForAll = 60;
/** Minimum number of due items for which a run that did nothing fails. */
const minDueForNothing = 5;
/** Failures alike are in bulk from 5 items on, if they are at least a tenth of all. */
const minInBulk = 5;
const minBulkShare = 0.1;

/** Returns the suspicion after one more slice in which the item failed. */
export function suspicionAfter(
  previous: Suspicion | undefined,
  failure: Pick<Suspicion, "evidence" | "source">,
  slice: number,
): Suspicion {
  const isSame = previous?.evidence === failure.evidence && previous.source === failure.source;
  if (!isSame) return { ...failure, since: slice, slices: 1 };
  return { ...previous, slices: previous.slices + 1 };
}

/**
 * True if the failure is the item's own.
 * - Denied: another item succeeded in the same slice or later.
 * - Unavailable: it failed in three slices, and another item succeeded in a later slice than the first. For S3 the
 *   same slice is enough, because writing the failure shows that S3 works.
 * - `here`: it failed in three slices, each with fewer items running beside it.
 */
export function isOwnFault({ evidence, source, since, slices }: Suspicion, signs: Signs): boolean {
  if (evidence === "denied") return source !== "here" && signs[source] >= since;
  if (slices < minUnavailableSlices) return false;
  return source === "here" || (source === "storage" ? signs.storage >= since : signs.api > since);
}

/** Same for an item that failed again after a control succeeded; `slicesInRow` slices had ended without success. */
export function isOwnFaultByControl(suspicion: Suspicion, signs: Signs, slicesInRow: number): boolean {
  return isOwnFault({ ...suspicion, slices: Math.max(suspicion.slices, slicesInRow) }, signs);
}

/**
 * True if a control request must show whose fault it is: every third slice without any success, because it costs
 * requests.
 */
export function isControlDue(unavailableSlices: number): boolean {
  return unavailableSlices > 0 && unavailableSlices % minUnavailableSlices === 0;
}

/** True if this many denials in a row may concern all: five, or all items. */
export function mayConcernAll(denials: number, isEndOfItems: boolean): boolean {
  return denials >= minDenialsForAll || (isEndOfItems && denials > 0);
}

/** True if this many failures alike in a row may concern all, although each is the item's own. */
export function areTooManyAlike(count: number): boolean {
  return count >= minAlikeForAll;
}

/** Result of a phase. */
export interface Tally {
  /** Items that were decided. */
  readonly attempted: number;
  readonly done: number;
  /** Items that are done because of a new response. */
  readonly succeeded: number;
  /** Items that failed by their own fault. */
  readonly failed: number;
  /** Number of failed items by result. */
  readonly failedByResult: Readonly<Record<string, number>>;
  /** Items that were due for the first time. */
  readonly firstTime: number;
  /** Items left for the next run because too many of their group failed alike. */
  readonly left: number;
  /** Name of the first item that failed. */
  readonly firstFailed?: string | undefined;
}

/** Counts that decide whether items failed in bulk, of a run or of a day. */
export type FailureCounts = Pick<Tally, "attempted" | "failedByResult">;

export const emptyTally: Tally = {
  attempted: 0,
  done: 0,
  succeeded: 0,
  failed: 0,
  failedByResult: {},
  firstTime: 0,
  left: 0,
};

/** Counts items that failed in bulk: at least five alike, and a tenth of all that were attempted. */
export function failedInBulk(counts: FailureCounts): number {
  const inBulk = Object.entries(counts.failedByResult).filter(([result]) => isBulk(result, counts));
  return inBulk.reduce((sum, [, count]) => sum + count, 0);
}

/** True if an attempt with this result counts towards giving up its item: others succeeded, and few failed alike. */
export function isCounted(result: string, tally: Tally): boolean {
  return tally.succeeded > 0 && !isBulk(result, tally);
}

function isBulk(result: string, { failedByResult, attempted }: FailureCounts): boolean {
  const count = failedByResult[result] ?? 0;
  return count >= minInBulk && count >= attempted * minBulkShare;
}

/** True if a run had five or more due items, one of them for the first time, and did none. */
export function hasNothing({ attempted, done, left, firstTime }: Tally): boolean {
  return done === 0 && firstTime > 0 && attempted + left >= minDueForNothing;
}

/** True if too few items were attempted to judge others of their kind. */
export function isFew({ attempted, left }: Tally): boolean {
  return attempted + left < minDueForNothing;
}
