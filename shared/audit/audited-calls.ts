import { CallManifest } from "../core/calls/call-manifest.ts";
import { addRecordingReferences, type RecordingReference } from "../core/calls/call-record.ts";
import { archiveKeys } from "../core/object-keys.ts";
import { parseManifest } from "../storage/manifest-file.ts";
import { recordsOf } from "../storage/record-lines.ts";
import type { AuditedAggregate, ReferencedObject } from "./audited-aggregate.ts";
import { type Finding, finding } from "./findings.ts";

/** Calls and recordings, as they are audited. */
export const auditedCalls: AuditedAggregate = {
  name: "calls",
  read: (body, key) => {
    const manifest = parseManifest({ manifest: CallManifest }, body, key);
    return { manifest, named: objectsOf(manifest) };
  },
  prefixes: (account) => [archiveKeys.callsPrefix(account), archiveKeys.recordingsPrefix(account)],
  hasMarkers: true,
};

function objectsOf(manifest: CallManifest): ReferencedObject[] {
  const { calls, csv, recordings } = manifest;
  const checkContent = (chunks: AsyncIterable<Uint8Array>) => checkRecords(chunks, calls?.key ?? "", manifest);
  const all = [calls && { ...calls, checkContent }, csv, ...recordings.map(({ object }) => object)];
  return all.flatMap((object) => object ?? []);
}

/** The manifest accounts for every call in the day's file and for every recording that it names. */
async function checkRecords(
  chunks: AsyncIterable<Uint8Array>,
  key: string,
  manifest: CallManifest,
): Promise<Finding[]> {
  const named = new Map<string, RecordingReference>();
  let records = 0;
  for await (const record of recordsOf(chunks, key)) {
    records++;
    addRecordingReferences(named, record);
  }
  const accounted = new Set(manifest.recordings.map(({ id }) => id));
  const missing = [...named.keys()].filter((id) => !accounted.has(id));
  return [
    ...(records === manifest.totals.records
      ? []
      : [finding("object-changed", key, `it has ${records} records, not ${manifest.totals.records}`)]),
    ...missing.map((id) =>
      finding("recording-not-in-manifest", key, `its manifest says nothing of the recording ${id}`),
    ),
  ];
}
