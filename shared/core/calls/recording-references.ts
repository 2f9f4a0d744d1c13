import { compareText } from "../compare-text.ts";
import { isRawJson } from "../exact-json.ts";
import { type CallRecord, callRecord } from "./call-record.ts";

/** What of a raw record, or of one of its legs, names recordings. */
interface Part {
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
  if (!isPart(winner.raw) || !isPart(loser.raw)) return winner;
  const raw = withReferences(winner.raw, loser.raw);
  return raw === winner.raw ? winner : { fields: { ...callRecord(raw).fields, id: winner.fields.id }, raw };
}

function withReferences(winner: Part, loser: Part): Part {
  const lost = lostIds(winner, loser);
  if (lost.size === 0) return winner;
  const restored = restoredInPlace(winner, loser, lost);
  const homeless = partsOf(loser).filter(({ recording }) => lost.delete(idOf(recording)));
  return homeless.length === 0 ? restored : withLegsFor(restored, homeless);
}

function lostIds(winner: Part, loser: Part): Set<string> {
  const named = new Set(partsOf(winner).map(({ recording }) => idOf(recording)));
  const ids = partsOf(loser).map(({ recording }) => idOf(recording));
  return new Set(ids.filter((id) => id !== "" && !named.has(id)));
}

/** Restores place by place, on the call itself and on each of its legs, and takes off `lost` what has found its place. */
function restoredInPlace(winner: Part, loser: Part, lost: Set<string>): Part {
  const call = restoredAt(winner, loser, lost);
  if (!Array.isArray(winner.legs)) return call;
  const [, ...places] = partsOf(loser);
  const legs = winner.legs.map((leg, place) => (isPart(leg) ? restoredAt(leg, places[place] ?? {}, lost) : leg));
  return { ...call, legs };
}

function restoredAt(winner: Part, loser: Part, lost: Set<string>): Part {
  const isFree = !winner.recording && !loser.kept && lost.delete(idOf(loser.recording));
  return isFree ? { ...winner, recording: loser.recording } : winner;
}

/** Kept legs stand behind the record's own, by id, so that the same versions make the same record. */
function withLegsFor(winner: Part, homeless: readonly Part[]): Part {
  const legs = legsIn(winner);
  const kept = [...legs.filter(isKept), ...homeless.map(({ recording }) => ({ recording, kept: true }))];
  kept.sort((a, b) => compareText(idOf(a.recording), idOf(b.recording)));
  return { ...winner, legs: [...legs.filter((leg) => !isKept(leg)), ...kept] };
}

/** Legs to which others can be added; what are no legs is kept as one, in a form that nobody takes for a leg. */
function legsIn({ legs }: Part): readonly unknown[] {
  if (Array.isArray(legs)) return legs;
  return legs === undefined || legs === null ? [] : [[legs]];
}

/** The call itself, and its legs in their places. */
function partsOf(call: Part): Part[] {
  const legs: readonly unknown[] = Array.isArray(call.legs) ? call.legs : [];
  return [call, ...legs.map((leg) => (isPart(leg) ? leg : {}))];
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isKept(leg: unknown): leg is Part {
  return isPart(leg) && leg.kept === true;
}

function idOf(recording: unknown): string {
  const { id } = (isPart(recording) ? recording : {}) as { readonly id?: unknown };
  if (isRawJson(id)) return id.rawJSON;
  return typeof id === "string" || typeof id === "number" ? String(id) : "";
}
