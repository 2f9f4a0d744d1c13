import type { Bucket } from "../../../shared/aws/bucket.ts";
import type { CallRecord } from "../../../shared/core/calls/call-record.ts";
import { mergeRecords } from "../../../shared/core/calls/merge-records.ts";
import { type DayFileIntents, mergeIntoDayFile, readDayFile } from "../../../shared/jobs/archive-calls/day-file.ts";
import { all } from "../storage/streams.ts";

export const dayKey = "calls/account=7/date=2026-11-01/calls.jsonl.gz";

/** Creates parts of a listing as they are stored: sorted, each record once. */
export function partsOf(...parts: readonly (readonly CallRecord[])[]) {
  return parts.map(
    (records) =>
      async function* () {
        yield* mergeRecords([], records);
      },
  );
}

/** Treats any stored file as a run's. */
export const anyVersion: DayFileIntents = { isOurs: async () => true, writeIntent: async () => {} };

export function mergeDay(archive: Bucket, ...parts: readonly (readonly CallRecord[])[]) {
  return mergeIntoDayFile(archive, dayKey, { parts: partsOf(...parts), intents: anyVersion });
}

export function readDay(archive: Bucket): Promise<CallRecord[]> {
  return all(readDayFile(archive, dayKey));
}
