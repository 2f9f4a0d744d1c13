import { compareText } from "../compare-text.ts";
import type { CallRecord } from "./call-record.ts";
import { withReferencesOf } from "./recording-references.ts";

/** A record as the archive is to keep it, and as the listing under way shows it, if it does. */
export interface MergedRecord {
  readonly record: CallRecord;
  readonly listed: CallRecord | undefined;
}

/**
 * Two collections of records as one: unique by id, the newest `lastModifiedTime` wins, and a recording that an older
 * version named is kept where the newer one has lost it (RingCentral drops the reference when a recording is deleted).
 */
export function mergeRecords(earlier: Iterable<CallRecord>, later: Iterable<CallRecord>): CallRecord[] {
  const merged = new Map<string, CallRecord>();
  for (const records of [earlier, later]) {
    for (const record of records) {
      const known = merged.get(record.fields.id);
      merged.set(record.fields.id, known ? newest(known, record) : record);
    }
  }
  return [...merged.values()].sort(compareRecords);
}

/** Sorted sources, the earlier first, as one sorted stream: of each only the next record is held in memory. */
export async function* mergeSorted(sources: readonly AsyncIterable<MergedRecord>[]): AsyncGenerator<MergedRecord> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map(nextOf));
    for (;;) {
      const first = leastOf(heads);
      if (!first) return;
      let merged: MergedRecord | undefined;
      for (const [place, head] of heads.entries()) {
        if (!head || compareRecords(head.record, first.record) !== 0) continue;
        merged = merged ? combined(merged, head) : head;
        const iterator = iterators[place];
        heads[place] = iterator && (await nextOf(iterator));
      }
      if (merged) yield merged;
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}

/** Two versions of one record; of what changed at the same time the later holds. */
export function combined(earlier: MergedRecord, later: MergedRecord): MergedRecord {
  return {
    record: newest(earlier.record, later.record),
    listed: earlier.listed && later.listed ? newest(earlier.listed, later.listed) : (earlier.listed ?? later.listed),
  };
}

/** By startTime, then by id: the same records always make the same bytes. */
export function compareRecords({ fields: a }: CallRecord, { fields: b }: CallRecord): number {
  return compareStarts(a, b);
}

export function compareStarts(a: Start, b: Start): number {
  return compareText(a.startTime, b.startTime) || compareText(a.id, b.id);
}

type Start = Pick<CallRecord["fields"], "startTime" | "id">;

function newest(known: CallRecord, record: CallRecord): CallRecord {
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
