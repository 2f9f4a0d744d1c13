import { compareText } from "../compare-text.ts";
import type { CallRecord } from "./call-record.ts";
import { withReferencesOf } from "./recording-references.ts";

export interface MergedRecord {
  /** The version to store. */
  readonly record: CallRecord;
  /** The version in the current listing; undefined if only archived earlier. */
  readonly listed: CallRecord | undefined;
}

/**
 * Merges two collections of records: unique by id, the newest `lastModifiedTime` wins. References that only the older
 * version has are kept: RingCentral drops a reference when it deletes the recording.
 */
export function mergeRecords(earlier: Iterable<CallRecord>, later: Iterable<CallRecord>): CallRecord[] {
  const merged = new Map<string, CallRecord>();
  for (const records of [earlier, later]) {
    for (const record of records) {
      const known = merged.get(record.fields.id);
      merged.set(record.fields.id, known ? newestOf(known, record) : record);
    }
  }
  return [...merged.values()].sort(compareRecords);
}

/** Merges sorted sources, the earlier first, into one sorted stream. Holds one record of each source in memory. */
export async function* mergeSorted(sources: readonly AsyncIterable<MergedRecord>[]): AsyncGenerator<MergedRecord> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map(nextOf));
    for (;;) {
      const first = leastOf(heads);
      if (!first) return;
      let merged: MergedRecord | undefined;
      for (const [index, head] of heads.entries()) {
        if (!head || compareRecords(head.record, first.record) !== 0) continue;
        merged = merged ? mergeVersions(merged, head) : head;
        const iterator = iterators[index];
        heads[index] = iterator && (await nextOf(iterator));
      }
      if (merged) yield merged;
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}

/** Merges two versions of one record; with equal `lastModifiedTime` `later` wins. */
export function mergeVersions(earlier: MergedRecord, later: MergedRecord): MergedRecord {
  return {
    record: newestOf(earlier.record, later.record),
    listed: earlier.listed && later.listed ? newestOf(earlier.listed, later.listed) : (earlier.listed ?? later.listed),
  };
}

/** Compares by startTime, then by id, so that the same records make the same bytes. */
export function compareRecords({ fields: a }: CallRecord, { fields: b }: CallRecord): number {
  return compareStarts(a, b);
}

/** Orders records by start time and then by id, like a day file. */
export function compareStarts(a: Start, b: Start): number {
  return compareText(a.startTime, b.startTime) || compareText(a.id, b.id);
}

type Start = Pick<CallRecord["fields"], "startTime" | "id">;

function newestOf(known: CallRecord, record: CallRecord): CallRecord {
  const newer = changedAt(record) >= changedAt(known);
  return newer ? withReferencesOf(record, known) : withReferencesOf(known, record);
}

function changedAt({ fields }: CallRecord): number {
  return Date.parse(fields.lastModifiedTime ?? "") || 0;
}

async function nextOf(iterator: AsyncIterator<MergedRecord>): Promise<MergedRecord | undefined> {
  const next = await iterator.next();
  return next.done ? undefined : next.value;
}

function leastOf(heads: readonly (MergedRecord | undefined)[]): MergedRecord | undefined {
  let least: MergedRecord | undefined;
  for (const head of heads) if (head && (!least || compareRecords(head.record, least.record) < 0)) least = head;
  return least;
}
