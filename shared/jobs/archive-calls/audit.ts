import { ArchivePrefix } from "../../contract.ts";
import type { AuditedAggregate, ReferencedObject } from "../../core/audited-aggregate.ts";
import { CallManifest } from "../../core/calls/call-manifest.ts";
import { addRecordingReferences, type RecordingReference } from "../../core/calls/call-record.ts";
import { indexedTotals } from "../../core/calls/day-totals.ts";
import { counted } from "../../core/counted.ts";
import { type Finding, finding } from "../../core/finding.ts";
import { archiveKeys } from "../../core/object-keys.ts";
import { parseManifest } from "../../storage/manifest-file.ts";
import { recordsOf } from "../../storage/record-lines.ts";

/** How calls and recordings are audited. */
export const audited: AuditedAggregate = {
  name: "calls",
  parse: (body, key) => {
    const manifest = parseManifest({ manifest: CallManifest }, body, key);
    return { manifest, references: referencedObjects(manifest), counts: indexedTotals(manifest) };
  },
  isRewritten: (key, status) => status === "open" && key.startsWith(ArchivePrefix.calls),
  prefixes: (account) => [archiveKeys.callsPrefix(account), archiveKeys.recordingsPrefix(account)],
};

function referencedObjects(manifest: CallManifest): ReferencedObject[] {
  const { calls, csv, recordings } = manifest;
  const checkContent = (chunks: AsyncIterable<Uint8Array>) => checkRecords(chunks, calls?.key ?? "", manifest);
  const all = [calls && { ...calls, checkContent }, csv, ...recordings.map(({ object }) => object)];
  return all.flatMap((object) => object ?? []);
}

/** Checks that the manifest counts every call of the day file and lists every recording that those calls reference. */
async function checkRecords(
  chunks: AsyncIterable<Uint8Array>,
  key: string,
  manifest: CallManifest,
): Promise<Finding[]> {
  const references = new Map<string, RecordingReference>();
  let records = 0;
  for await (const record of recordsOf(chunks, key)) {
    records++;
    addRecordingReferences(references, record);
  }
  const inManifest = new Set(manifest.recordings.map(({ id }) => id));
  const missing = [...references.keys()].filter((id) => !inManifest.has(id));
  return [
    ...(records === manifest.totals.records
      ? []
      : [
          finding(
            "object-changed",
            key,
            `it has ${counted(records, "record")}, its manifest says ${manifest.totals.records}`,
          ),
        ]),
    ...missing.map((id) => finding("recording-not-in-manifest", key, `its manifest does not list recording ${id}`)),
  ];
}
