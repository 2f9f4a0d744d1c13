import { compareText } from "../compare-text.ts";
import { isRawJson } from "../exact-json.ts";
import { type CallRecord, parseCallRecord } from "./call-record.ts";

/** What of a raw record, or of one of its legs, names recordings. */
interface RawCallOrLeg {
  readonly recording?: unknown;
  readonly legs?: unknown;
  /** True for a leg of ours that stands for a recording which only an earlier version named. */
  readonly kept?: unknown;
}

/**
 * The winner, with each recording that only the loser names: where it stood, if that place is free, else on a leg of its
 * own, `{ recording, kept: true }`. References are only ever added, whatever the form of the rest.
 */
export function withReferencesOf(winner: CallRecord, loser: CallRecord): CallRecord {
  if (!isJsonObject(winner.raw) || !isJsonObject(loser.raw)) return winner;
  const raw = withReferences(winner.raw, loser.raw);
  return raw === winner.raw ? winner : { fields: { ...parseCallRecord(raw).fields, id: winner.fields.id }, raw };
}

function withReferences(winner: RawCallOrLeg, loser: RawCallOrLeg): RawCallOrLeg {
  const lost = lostIds(winner, loser);
  if (lost.size === 0) return winner;
  const restored = restoredInPlace(winner, loser, lost);
  const homeless = rawCallAndLegs(loser).filter(({ recording }) => lost.delete(idOf(recording)));
  return homeless.length === 0 ? restored : withLegsFor(restored, homeless);
}

function lostIds(winner: RawCallOrLeg, loser: RawCallOrLeg): Set<string> {
  const named = new Set(rawCallAndLegs(winner).map(({ recording }) => idOf(recording)));
  const ids = rawCallAndLegs(loser).map(({ recording }) => idOf(recording));
  return new Set(ids.filter((id) => id !== "" && !named.has(id)));
}

/** Restores place by place, on the call itself and on each of its legs, and takes off `lost` what has found its place. */
function restoredInPlace(winner: RawCallOrLeg, loser: RawCallOrLeg, lost: Set<string>): RawCallOrLeg {
  const call = restoredAt(winner, loser, lost);
  if (!Array.isArray(winner.legs)) return call;
  const [, ...places] = rawCallAndLegs(loser);
  const legs = winner.legs.map((leg, place) => (isJsonObject(leg) ? restoredAt(leg, places[place] ?? {}, lost) : leg));
  return { ...call, legs };
}

function restoredAt(winner: RawCallOrLeg, loser: RawCallOrLeg, lost: Set<string>): RawCallOrLeg {
  const isFree = !winner.recording && !loser.kept && lost.delete(idOf(loser.recording));
  return isFree ? { ...winner, recording: loser.recording } : winner;
}

/** Kept legs stand behind the record's own, by id, so that the same versions make the same record. */
function withLegsFor(winner: RawCallOrLeg, homeless: readonly RawCallOrLeg[]): RawCallOrLeg {
  const legs = legsIn(winner);
  const kept = [...legs.filter(isKept), ...homeless.map(({ recording }) => ({ recording, kept: true }))];
  kept.sort((a, b) => compareText(idOf(a.recording), idOf(b.recording)));
  return { ...winner, legs: [...legs.filter((leg) => !isKept(leg)), ...kept] };
}

/** Legs to which others can be added; what are no legs is kept as one, in a form that nobody takes for a leg. */
function legsIn({ legs }: RawCallOrLeg): readonly unknown[] {
  if (Array.isArray(legs)) return legs;
  return legs === undefined || legs === null ? [] : [[legs]];
}

/** The call itself, and its legs in their places. */
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
  const { id } = (isJsonObject(recording) ? recording : {}) as { readonly id?: unknown };
  if (isRawJson(id)) return id.rawJSON;
  return typeof id === "string" || typeof id === "number" ? String(id) : "";
}
