import { type CallRecord, parseCallRecord } from "../../core/calls/call-record.ts";
import { compareStarts, mergeRecords } from "../../core/calls/merge-records.ts";
import { parseExactJson } from "../../core/exact-json.ts";
import { lineOf } from "../../storage/record-lines.ts";

/** Buffers records as the lines to store, each id once: lines take a fraction of the objects' memory. */
export interface RecordBuffer {
  readonly add: (record: CallRecord) => void;
  readonly count: () => number;
  /** Length of all lines in UTF-16 code units. */
  readonly bytes: () => number;
  /** Returns the lines by startTime, then by id. */
  readonly lines: () => string[];
}

interface BufferedRecord {
  readonly startTime: string;
  readonly id: string;
  readonly line: string;
}

/** Creates a buffer that keeps each record once, in its merged version. */
export function createRecordBuffer(): RecordBuffer {
  const buffered = new Map<string, BufferedRecord>();
  let bytes = 0;
  return {
    add: (record) => {
      const known = buffered.get(record.fields.id);
      const previous = known ? [parseCallRecord(parseExactJson(known.line))] : [];
      for (const merged of mergeRecords(previous, [record])) {
        const { id, startTime } = merged.fields;
        const line = lineOf(merged);
        bytes += line.length - (buffered.get(id)?.line.length ?? 0);
        buffered.set(id, { id, startTime, line });
      }
    },
    count: () => buffered.size,
    bytes: () => bytes,
    lines: () => [...buffered.values()].sort(compareStarts).map(({ line }) => line),
  };
}
