/** One recording, and everything that decides when it can be downloaded. */
export interface Recording {
  readonly id: string;
  readonly type: "Automatic" | "OnDemand";
  readonly contentType: string;
  readonly bytes: number;
  readonly durationSeconds: number;
  /** When the call log first references it. */
  readonly attachedAtMs: number;
  /** When it can first be downloaded; `Infinity` means never. */
  readonly readyAtMs: number;
  /** When it is deleted by age. It may be deleted earlier if there are too many newer ones. */
  readonly expiresAtMs: number;
  readonly forbidden: boolean;
  /** True if call records reference it without its `contentUri`. */
  readonly withoutContentUri?: boolean;
}

/** One call, and what will happen to its record. The rest of the record is generated from `seed` when needed. */
export interface Call {
  readonly id: string;
  readonly date: string;
  readonly seed: number;
  /** Ordinal number within its kind, which decides the words of its record. */
  readonly turn: number;
  readonly startMs: number;
  readonly durationMs: number;
  readonly fax: boolean;
  readonly short: boolean;
  readonly visibleAtMs: number;
  readonly changesAtMs: number;
  readonly deletedAtMs: number;
  readonly vanishesAtMs: number;
  /** Counted in answered pages that cover the call's day. */
  readonly arrivesAfterPages: number;
  readonly leavesAfterPages: number;
  readonly recording: Recording | undefined;
  readonly recordingNamedBy: "record" | "record and legs" | "leg";
  /** Recordings of further legs. */
  readonly transfers: readonly Recording[];
  /** Additional bytes of its record. */
  readonly extraBytes?: number;
}

/** Moment of a look at the account: the lab's time, and the number of the day's pages answered before. */
export interface Moment {
  readonly nowMs: number;
  readonly pagesServed: number;
}

/** The final moment, when nothing will change any more. Events that never happen have still not happened. */
export const inTheEnd: Moment = { nowMs: Number.MAX_SAFE_INTEGER, pagesServed: Number.MAX_SAFE_INTEGER };

export function hasAppeared(call: Call, moment: Moment): boolean {
  return call.visibleAtMs <= moment.nowMs && call.arrivesAfterPages <= moment.pagesServed;
}

/** True if a listing with `showDeleted=true` has it. */
export function isListed(call: Call, moment: Moment): boolean {
  return hasAppeared(call, moment) && moment.nowMs < call.vanishesAtMs && moment.pagesServed < call.leavesAfterPages;
}

// Guess: a deleted record still names its recording, which can still be downloaded.
export function isDeleted(call: Call, nowMs: number): boolean {
  return call.deletedAtMs <= nowMs;
}

/** True if its result and costs are not settled yet. */
export function isUnsettled(call: Call, nowMs: number): boolean {
  return nowMs < call.changesAtMs && call.changesAtMs !== Infinity;
}

export function recordingsOf(call: Call): readonly Recording[] {
  return call.recording ? [call.recording, ...call.transfers] : call.transfers;
}

export function isAttached(recording: Recording, nowMs: number): boolean {
  return recording.attachedAtMs <= nowMs;
}

/** The latest of the changes that have happened by now. */
export function lastModifiedMs(call: Call, nowMs: number): number {
  const changes = [call.changesAtMs, call.deletedAtMs, ...recordingsOf(call).map((each) => each.attachedAtMs)];
  return Math.max(call.visibleAtMs, ...changes.filter((changeMs) => changeMs <= nowMs));
}
