import type { Bucket } from "../../aws/bucket.ts";
import type { AnalyticsManifest } from "../../core/analytics/analytics-manifest.ts";
import type { CallManifest } from "../../core/calls/call-manifest.ts";
import type { ObjectRef } from "../../core/object-ref.ts";
import { analyticsRow } from "../../core/tables/analytics-row.ts";
import { callRow } from "../../core/tables/call-row.ts";
import { createDiscrepancy, type Discrepancy } from "../../core/tables/discrepancy.ts";
import { legRows } from "../../core/tables/leg-rows.ts";
import { type RecordingCallCells, recordingCallCells, recordingRow } from "../../core/tables/recording-rows.ts";
import type { Row } from "../../core/tables/table-schema.ts";
import { wallClock } from "../../core/time/wall-clock.ts";
import { JobError } from "../../errors.ts";
import { recordsOf } from "../../storage/record-lines.ts";
import type { DayTables } from "./day-tables.ts";
import { readMovedRecords } from "./moved-records.ts";
import { readAnalyticsValues } from "./read-analytics-values.ts";
import type { DayManifests } from "./read-manifests.ts";

/** Adds the rows of a day's objects in the archive. Returns those by which call log and analytics differ. */
export async function fillTables(
  archive: Bucket,
  { calls, analytics }: DayManifests,
  tables: DayTables,
): Promise<readonly Row<"discrepancy">[]> {
  const discrepancy = createDiscrepancy();
  if (calls) await addCalls(archive, calls, tables, discrepancy);
  if (analytics) await addAnalytics(archive, analytics, tables, discrepancy);
  // A day that was never listed cannot be compared.
  const differences = calls && calls.listings.length > 0 ? discrepancy.rows() : [];
  for (const row of differences) await tables.add("discrepancy", row);
  return differences;
}

async function addCalls(archive: Bucket, manifest: CallManifest, tables: DayTables, discrepancy: Discrepancy) {
  const { account, timeZone, recordings } = manifest;
  const moved = await readMovedRecords(archive, manifest);
  const options = { account, vanished: new Set(manifest.vanished), moved, localTime: wallClock(timeZone) };
  const callsWithRecordings = new Set(recordings.map(({ callId }) => callId));
  const facts = new Map<string, RecordingCallCells>();
  if (manifest.calls) {
    for await (const record of recordsOf(await openCalls(archive, manifest, manifest.calls), manifest.calls.key)) {
      const row = callRow(record, options);
      discrepancy.addCall(row);
      await tables.add("calls", row);
      for (const leg of legRows(record)) await tables.add("legs", leg);
      if (callsWithRecordings.has(row.id)) facts.set(row.id, recordingCallCells(record));
    }
  }
  for (const recording of recordings)
    await tables.add("recordings", recordingRow(recording, facts.get(recording.callId)));
}

async function addAnalytics(
  archive: Bucket,
  { timeZone, datasets }: AnalyticsManifest,
  tables: DayTables,
  discrepancy: Discrepancy,
) {
  const localTime = wallClock(timeZone);
  for (const { object } of datasets) {
    if (!object) continue;
    for await (const value of readAnalyticsValues(await openObject(archive, object.key), object.key)) {
      const row = analyticsRow(value, localTime);
      if (!row) continue;
      discrepancy.addValue(row);
      await tables.add("analytics", row);
    }
  }
}

/**
 * Opens a day's calls. No run writes those of a closed day: what someone else has written must not reach the tables.
 * @throws STORAGE_INVALID when they are missing, or the day is closed and they are not those of its manifest
 */
async function openCalls(
  archive: Bucket,
  { status }: CallManifest,
  { key, etag, sha256 }: ObjectRef,
): Promise<AsyncIterable<Uint8Array>> {
  const opened = await archive.open(key);
  if (!opened) throw missing(key);
  if (status === "open" || opened.etag === etag || (await archive.head(key))?.sha256 === sha256) return opened.chunks;
  // A stream that is not read keeps its connection.
  for await (const _chunk of opened.chunks) break;
  throw new JobError("STORAGE_INVALID", `${key} is not the object that the manifest of its closed day lists`, {
    hint: "Find out who changed it. Run npx nightshift restore --stack <name>: it puts back the version that a run wrote.",
    details: { key },
  });
}

async function openObject(archive: Bucket, key: string): Promise<AsyncIterable<Uint8Array>> {
  const stored = await archive.open(key);
  if (stored) return stored.chunks;
  throw missing(key);
}

function missing(key: string): JobError {
  return new JobError("STORAGE_INVALID", `${key} is missing, although its day's manifest lists it`, {
    hint: "Run npx nightshift restore --stack <name>: it puts back the version that a run wrote.",
    details: { key },
  });
}
