import { compareText } from "../compare-text.ts";
import { memberOf, idOf as readId } from "../lenient.ts";
import { type CallRecord, parseCallRecord } from "./call-record.ts";

/** A raw call record or one of its legs: the fields that reference recordings. */
interface RawCallOrLeg {
  readonly recording?: unknown;
  readonly legs?: unknown;
  /** True for a kept leg: one that the archive added. */
  readonly kept?: unknown;
}

/**
 * Merges the recording references of two versions of one call record. `winner` is the version to store, `loser` the
 * version that it replaces. Returns `winner` plus every reference that only `loser` has: on the same leg if that has
 * none, else on a kept leg, `{ recording, kept: true }`.
 */
export function withReferencesOf(winner: CallRecord, loser: CallRecord): CallRecord {
  if (!isJsonObject(winner.raw) || !isJsonObject(loser.raw)) return winner;
  const raw = withReferences(winner.raw, loser.raw);
  return raw === winner.raw ? winner : { fields: { ...parseCallRecord(raw).fields, id: winner.fields.id }, raw };
}

/** Does the same for raw records. */
function withReferences(winner: RawCallOrLeg, loser: RawCallOrLeg): RawCallOrLeg {
  const lost = lostIds(winner, loser);
  if (lost.size === 0) return winner;
  const restored = restoredInPlace(winner, loser, lost);
  const unplaced = rawCallAndLegs(loser).filter(({ recording }) => lost.delete(idOf(recording)));
  return unplaced.length === 0 ? restored : withKeptLegs(restored, unplaced);
}

/** Returns the ids of recordings that only `loser` references. */
function lostIds(winner: RawCallOrLeg, loser: RawCallOrLeg): Set<string> {
  const known = new Set(rawCallAndLegs(winner).map(({ recording }) => idOf(recording)));
  const ids = rawCallAndLegs(loser).map(({ recording }) => idOf(recording));
  return new Set(ids.filter((id) => id !== "" && !known.has(id)));
}

/**
 * Copies lost references to the same place in `winner`: the call, or the leg at the same position. Deletes their ids
 * from `lost`.
 */
function restoredInPlace(winner: RawCallOrLeg, loser: RawCallOrLeg, lost: Set<string>): RawCallOrLeg {
  const call = restoredAt(winner, loser, lost);
  if (!Array.isArray(winner.legs)) return call;
  const [, ...loserLegs] = rawCallAndLegs(loser);
  const legs = winner.legs.map((leg, index) =>
    isJsonObject(leg) ? restoredAt(leg, loserLegs[index] ?? {}, lost) : leg,
  );
  return { ...call, legs };
}

/** Copies the reference of one call or leg, if it is in `lost` and the place in `winner` has none. */
function restoredAt(winner: RawCallOrLeg, loser: RawCallOrLeg, lost: Set<string>): RawCallOrLeg {
  const isFree = !winner.recording && !loser.kept && lost.delete(idOf(loser.recording));
  return isFree ? { ...winner, recording: loser.recording } : winner;
}

/** Puts kept legs last, sorted by recording id, so that the same versions make the same record. */
function withKeptLegs(winner: RawCallOrLeg, unplaced: readonly RawCallOrLeg[]): RawCallOrLeg {
  const legs = legsIn(winner);
  const kept = [...legs.filter(isKept), ...unplaced.map(({ recording }) => ({ recording, kept: true }))];
  kept.sort((a, b) => compareText(idOf(a.recording), idOf(b.recording)));
  return { ...winner, legs: [...legs.filter((leg) => !isKept(leg)), ...kept] };
}

/** Returns the legs as a list. Any other value is kept as one item in an array, which no reader takes for a leg. */
function legsIn({ legs }: RawCallOrLeg): readonly unknown[] {
  if (Array.isArray(legs)) return legs;
  return legs === undefined || legs === null ? [] : [[legs]];
}

/** Returns the call, then its legs; a leg that is no object becomes `{}`, so that positions stay. */
function rawCallAndLegs(call: RawCallOrLeg): RawCallOrLeg[] {
  const legs: readonly unknown[] = Array.isArray(call.legs) ? call.legs : [];
  return [call, ...legs.map((leg) => (isJsonObject(leg) ? leg : {}))];
}

function isJsonObject(value: unknown): value is RawCallOrLeg {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isKept(leg: unknown): leg is RawCallOrLeg {
  return isJsonObject(leg) && leg.kept === true;
}

function idOf(recording: unknown): string {
  return readId(memberOf(recording, "id")) ?? "";
}
