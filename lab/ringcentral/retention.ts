import { isAttached, type Recording } from "./call.ts";
import type { CallIndex } from "./call-index.ts";
import type { Account } from "./create-account.ts";

/** The recordings that RingCentral still has: they are deleted by age, and automatic ones also by number. */
export interface Retention {
  readonly hasExpired: (recording: Recording, nowMs: number) => boolean;
  /** True if the call log references it: from when it is attached, and perhaps only until it expires. */
  readonly isNamed: (recording: Recording, nowMs: number) => boolean;
}

export interface RetentionOptions {
  readonly account: Account;
  readonly calls: CallIndex;
}

export function createRetention({ account, calls }: RetentionOptions): Retention {
  const { maxAutomatic } = account;
  const isCrowdedOut = maxAutomatic === undefined ? () => false : createCrowding(maxAutomatic, calls);
  const hasExpired = (recording: Recording, nowMs: number) =>
    recording.expiresAtMs <= nowMs || isCrowdedOut(recording, nowMs);
  return {
    hasExpired,
    isNamed: (recording, nowMs) =>
      isAttached(recording, nowMs) && (account.recordings.namedAfterExpiry || !hasExpired(recording, nowMs)),
  };
}

/** The oldest automatic recording that is still kept; undefined if all are kept. */
interface Edge {
  readonly date: string;
  readonly place: number;
}

/** True if `maxCount` newer automatic recordings have been attached. A recording's age is that of its call. */
function createCrowding(maxCount: number, calls: CallIndex): (recording: Recording, nowMs: number) => boolean {
  const days = new Map<string, CountedDay>();
  const dayOf = (date: string): CountedDay => {
    const day = days.get(date) ?? countDay(calls.recordingsOn(date));
    days.set(date, day);
    return day;
  };
  const findEdge = (nowMs: number): Edge | undefined => {
    let left = maxCount;
    for (const date of calls.dates(nowMs).toReversed()) {
      const day = dayOf(date);
      const attached = attachedBy(nowMs, day);
      if (attached > left) return { date, place: placeOfNewest(left, nowMs, day) };
      left -= attached;
    }
    return undefined;
  };
  let known: { readonly nowMs: number; readonly edge: Edge | undefined } | undefined;

  return ({ id, type, attachedAtMs }, nowMs) => {
    if (type !== "Automatic" || attachedAtMs > nowMs) return false;
    if (known?.nowMs !== nowMs) known = { nowMs, edge: findEdge(nowMs) };
    const { edge } = known;
    const date = calls.dateOf(id);
    if (!edge || date === undefined) return false;
    return date === edge.date ? (dayOf(date).places.get(id) ?? Infinity) < edge.place : date < edge.date;
  };
}

/** A day's automatic recordings, oldest first, with only the data needed to count, because a day may have 100,000. */
interface CountedDay {
  readonly places: ReadonlyMap<string, number>;
  readonly attachedAtMs: Float64Array;
  readonly lastAttachedAtMs: number;
}

function countDay(recordings: readonly Recording[]): CountedDay {
  const automatic = recordings.filter(({ type }) => type === "Automatic");
  const attachedAtMs = Float64Array.from(automatic, (recording) => recording.attachedAtMs);
  return {
    places: new Map(automatic.map(({ id }, place) => [id, place])),
    attachedAtMs,
    lastAttachedAtMs: attachedAtMs.reduce((last, each) => Math.max(last, each), 0),
  };
}

function attachedBy(nowMs: number, { attachedAtMs, lastAttachedAtMs }: CountedDay): number {
  if (lastAttachedAtMs <= nowMs) return attachedAtMs.length;
  return attachedAtMs.reduce((count, each) => (each <= nowMs ? count + 1 : count), 0);
}

/** Returns where the newest `count` of the recordings attached by now begin. */
function placeOfNewest(count: number, nowMs: number, { attachedAtMs }: CountedDay): number {
  let place = attachedAtMs.length;
  for (let found = 0; found < count; place -= 1) {
    if ((attachedAtMs[place - 1] ?? Infinity) <= nowMs) found += 1;
  }
  return place;
}
