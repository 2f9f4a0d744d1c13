/**
 * Whose fault is it? Decided from evidence, never from one code alone: a failure is an item's own when others of its kind
 * succeeded, and nobody's while nothing does.
 */

/** Whose servers a failure came from; `here`: a limit of ours, such as the room in /tmp. */
export type Source = "api" | "storage" | "here";

/** A failure that says nothing by itself: it may be this item's, or everybody's. */
export interface Suspicion {
  /** `denied`: refused, perhaps for lack of a permission. `unavailable`: no usable response, or a 5xx. */
  readonly evidence: "denied" | "unavailable";
  readonly source: Source;
  /** The slice in which the item first failed so, and in how many slices it has. */
  readonly since: number;
  readonly slices: number;
}

/** The last slice in which each source gave something new: a response that was had for the first time, an item that was stored. 0: none. */
export type Signs = Readonly<Record<Exclude<Source, "here">, number>>;

/** An item that is unavailable in so many slices is at fault, if others succeeded after it first was. */
const minUnavailableSlices = 3;
/** So many items denied in a row, and none that succeeded: that may concern all. */
const minDenialsForAll = 5;
/** So many failures alike in one group, and none that succeeded: the rest of the group waits for the next run. */
export const maxAlikeInGroup = 20;
/** So many failures alike in a row, of whatever group, and none that succeeded: that may concern all. */
const minAlikeForAll = 60;
/** From so many items on, a run that does nothing says so. */
const minDueForNothing = 5;
/** Failures of so many items are in bulk if they are at least a tenth of all. */
const minInBulk = 5;
const bulkShare = 0.1;

/** The suspicion after one more slice in which the item failed. */
export function suspicionAfter(
  before: Suspicion | undefined,
  failure: Pick<Suspicion, "evidence" | "source">,
  slice: number,
): Suspicion {
  const isSame = before?.evidence === failure.evidence && before.source === failure.source;
  if (!isSame) return { ...failure, since: slice, slices: 1 };
  return { ...before, slices: before.slices + 1 };
}

/**
 * True if the failure is the item's own: it was denied, and another succeeded in that slice or later; or it was unavailable
 * again and again, and another succeeded in a later slice: what came before, or beside, the first failure says nothing of an
 * outage. Of S3 the same slice will do, for noting the failure shows whether S3 is there. What is too large for us needs no
 * such sign: it was tried with fewer beside it.
 */
export function isOwnFault({ evidence, source, since, slices }: Suspicion, signs: Signs): boolean {
  if (evidence === "denied") return source !== "here" && signs[source] >= since;
  if (slices < minUnavailableSlices) return false;
  return source === "here" || (source === "storage" ? signs.storage >= since : signs.api > since);
}

/** The same for an item that has failed once more after a control had succeeded, in a row of slices that ended as this one did. */
export function isOwnFaultByControl(suspicion: Suspicion, signs: Signs, row: number): boolean {
  return isOwnFault({ ...suspicion, slices: Math.max(suspicion.slices, row) }, signs);
}

/** True if only a control can tell the items' fault from everybody's: nothing came; every third slice, for it costs requests. */
export function isControlDue(unavailableSlices: number): boolean {
  return unavailableSlices > 0 && unavailableSlices % minUnavailableSlices === 0;
}

/** True if so many denials in a row may concern all: five, or every item that there is. */
export function mayConcernAll(denials: number, isEndOfItems: boolean): boolean {
  return denials >= minDenialsForAll || (isEndOfItems && denials > 0);
}

/** True if so many failures alike in a row may concern all, though each is an item's own by what it says. */
export function areTooManyAlike(count: number): boolean {
  return count >= minAlikeForAll;
}

/** What a phase has come to. */
export interface Tally {
  /** Items that were worked on to a decision. */
  readonly tried: number;
  /** Items that are done, and how many of those by a new response. */
  readonly done: number;
  readonly succeeded: number;
  /** Items that failed by their own fault, and how many of them alike. */
  readonly failed: number;
  readonly alike: Readonly<Record<string, number>>;
  /** Items that were due for the first time. */
  readonly firstTime: number;
  /** Items left for the next run, because too many of their group failed alike. */
  readonly left: number;
  /** Name of the first item that failed. */
  readonly firstFailed?: string | undefined;
}

/** How many items were tried, and how many of them failed alike. */
export type TriedAndAlike = Pick<Tally, "tried" | "alike">;

export const emptyTally: Tally = { tried: 0, done: 0, succeeded: 0, failed: 0, alike: {}, firstTime: 0, left: 0 };

/** How many items failed in bulk: alike with at least four others, and a tenth of all that were tried. */
export function failedInBulk(tried: TriedAndAlike): number {
  const counts = Object.keys(tried.alike).filter((result) => isBulk(result, tried));
  return counts.reduce((sum, result) => sum + (tried.alike[result] ?? 0), 0);
}

/** True if an attempt with this result counts towards giving its item up: others succeeded, and few failed alike. */
export function isCounted(result: string, tally: Tally): boolean {
  return tally.succeeded > 0 && !isBulk(result, tally);
}

function isBulk(result: string, { alike, tried }: TriedAndAlike): boolean {
  const count = alike[result] ?? 0;
  return count >= minInBulk && count >= tried * bulkShare;
}

/** True if a run was due to do something and did nothing: five items or more, one of them for the first time. */
export function hasNothing({ tried, done, left, firstTime }: Tally): boolean {
  return done === 0 && firstTime > 0 && tried + left >= minDueForNothing;
}

/** True if so few items failed that it says nothing of others of their kind. */
export function isFew({ tried, left }: Tally): boolean {
  return tried + left < minDueForNothing;
}
