import type { Listing } from "../../core/calls/call-manifest.ts";
import {
  addRecordingReferences,
  isCallWithoutRecording,
  isTooShort,
  type RecordingReference,
} from "../../core/calls/call-record.ts";
import type { MergedRecord } from "../../core/calls/merge-records.ts";
import { createIdDigests } from "../../storage/id-digests.ts";

/** Facts for the manifest, collected while a day's records stream by. */
export interface DaySummary {
  readonly counts: {
    readonly records: number;
    readonly deleted: number;
    readonly tooShort: number;
    readonly automatic: number;
  };
  /** Every recording reference of any record. */
  readonly references: readonly RecordingReference[];
  readonly listing: Omit<Listing, "run" | "at" | "accepted">;
}

export interface DaySummaryBuilder {
  readonly add: (merged: MergedRecord) => void;
  /** Digests of ids that came more than once: one call, listed with different start times. */
  readonly repeated: () => ReadonlySet<bigint>;
  readonly facts: () => DaySummary;
}

/** Ids of missing records are kept up to this number; a listing that misses more is not believed. */
const maxMissingIds = 10_000;

/** Creates the summary of a day, to which merged records are added in any order. */
export function createDaySummary(): DaySummaryBuilder {
  const counts = { records: 0, deleted: 0, tooShort: 0 };
  const references = new Map<string, RecordingReference>();
  const ids = createIdDigests();
  const listed = { ids: createIdDigests(), records: 0, recordings: new Map<string, RecordingReference>() };
  const missingIds: string[] = [];
  let callsWithoutRecording = 0;
  return {
    repeated: ids.repeated,
    add: ({ record, listed: shown }) => {
      const { id, deleted } = record.fields;
      counts.records++;
      if (deleted) counts.deleted++;
      if (isTooShort(record)) counts.tooShort++;
      if (isCallWithoutRecording(record)) callsWithoutRecording++;
      ids.add(id);
      addRecordingReferences(references, record);
      if (shown) {
        listed.records++;
        listed.ids.add(`record ${id}`);
        addRecordingReferences(listed.recordings, shown);
      } else if (missingIds.length <= maxMissingIds) missingIds.push(id);
    },
    facts: () => {
      for (const id of listed.recordings.keys()) listed.ids.add(`recording ${id}`);
      const missing = counts.records - listed.records;
      const automatic = [...references.values()].filter((each) => each.automatic).length;
      return {
        counts: { ...counts, automatic },
        references: [...references.values()],
        listing: {
          records: listed.records,
          recordings: listed.recordings.size,
          callsWithoutRecording,
          fingerprint: listed.ids.fingerprint(),
          archived: counts.records,
          missing,
          ...(missing > 0 && missing <= maxMissingIds && { missingIds }),
        },
      };
    },
  };
}
