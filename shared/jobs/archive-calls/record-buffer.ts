import { type CallRecord, parseCallRecord } from "../../core/calls/call-record.ts";
import { compareStarts, mergeRecords } from "../../core/calls/merge-records.ts";
import { parseExactJson } from "../../core/exact-json.ts";
import { lineOf } from "../../storage/record-lines.ts";

/** Records held as the lines they will be kept as, each id once: a fraction of what they take as objects. */
export interface RecordBuffer {
  readonly add: (record: CallRecord) => void;
  readonly count: () => number;
  /** Length of all lines together. */
  readonly bytes: () => number;
  /** By startTime, then by id. */
  readonly lines: () => string[];
}

interface Held {
  readonly startTime: string;
  readonly id: string;
  readonly line: string;
}

export function createRecordBuffer(): RecordBuffer {
  const held = new Map<string, Held>();
  let bytes = 0;
  return {
    add: (record) => {
      const known = held.get(record.fields.id);
      const before = known ? [parseCallRecord(parseExactJson(known.line))] : [];
      for (const merged of mergeRecords(before, [record])) {
        const { id, startTime } = merged.fields;
        const line = lineOf(merged);
        bytes += line.length - (held.get(id)?.line.length ?? 0);
        held.set(id, { id, startTime, line });
      }
    },
    count: () => held.size,
    bytes: () => bytes,
    lines: () => [...held.values()].sort(compareStarts).map(({ line }) => line),
  };
}
