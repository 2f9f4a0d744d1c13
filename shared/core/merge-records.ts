import type { CallRecord } from "./call-record.ts";
import { compareText } from "./compare-text.ts";

/**
 * Two collections of records as one: unique by id, the newest `lastModifiedTime` wins, and a recording that an older
 * version named is kept where the newer one has lost it (RingCentral drops the reference when a recording is deleted).
 */
export function mergeRecords(earlier: Iterable<CallRecord>, later: Iterable<CallRecord>): CallRecord[] {
  const merged = new Map<string, CallRecord>();
  for (const record of earlier) add(merged, record);
  for (const record of later) add(merged, record);
  return [...merged.values()].sort(byStart);
}

function add(merged: Map<string, CallRecord>, record: CallRecord): void {
  const known = merged.get(record.fields.id);
  if (!known) return void merged.set(record.fields.id, record);
  const newer = (record.fields.lastModifiedTime ?? "") >= (known.fields.lastModifiedTime ?? "");
  const [winner, loser] = newer ? [record, known] : [known, record];
  merged.set(record.fields.id, withRecordingsOf(winner, loser));
}

/** What of a record, read or raw, names recordings. */
interface Part {
  readonly recording?: unknown;
  readonly legs?: readonly Part[] | undefined;
}

/** The winner, with each recording reference that only the loser has. */
function withRecordingsOf(winner: CallRecord, loser: CallRecord): CallRecord {
  const fields = restored(winner.fields, loser.fields);
  return fields === winner.fields ? winner : { fields, raw: restored(winner.raw as Part, loser.raw as Part) };
}

/** Restores what is lost place by place: on the call itself, and on each of its legs. */
function restored<T extends Part>(winner: T, loser: Part): T {
  const lost = winner.recording ? undefined : loser.recording;
  const legs = winner.legs?.map((leg, place) => restored(leg, loser.legs?.[place] ?? {}));
  const changed = lost || legs?.some((leg, place) => leg !== winner.legs?.[place]);
  return changed ? { ...winner, ...(lost ? { recording: lost } : {}), ...(legs && { legs }) } : winner;
}

/** By startTime, then by id: the same records always make the same bytes. */
function byStart({ fields: a }: CallRecord, { fields: b }: CallRecord): number {
  return compareText(a.startTime, b.startTime) || compareText(a.id, b.id);
}
