import type { Bucket } from "../../aws/bucket.ts";
import type { CallManifest } from "../../core/calls/call-manifest.ts";
import type { Day } from "../../core/time/days.ts";
import { isOfOneObject } from "../../storage/each-day.ts";
import { recordsOf } from "../../storage/record-lines.ts";
import { readManifests } from "./read-manifests.ts";
import { missingRecords, neighboursOf } from "./source-version.ts";

/**
 * Returns the ids of the day's records that an adjacent day lists now: RingCentral moves the start of a queue call that
 * continued over midnight. Reads adjacent days only if the newest listing misses records; one that cannot be read counts as
 * empty.
 */
export async function readMovedRecords(archive: Bucket, manifest: CallManifest): Promise<ReadonlySet<string>> {
  const { account, day } = manifest;
  const missing = missingRecords(manifest);
  const moved = new Set<string>();
  if (missing.size === 0) return moved;
  for (const neighbour of neighboursOf(day)) {
    try {
      for await (const id of listedOn(archive, account, neighbour)) if (missing.has(id)) moved.add(id);
    } catch (error) {
      if (!isOfOneObject(error)) throw error;
    }
  }
  return moved;
}

/** Yields the ids of the records that the newest listing of a day shows. */
async function* listedOn(archive: Bucket, account: string, day: Day): AsyncGenerator<string> {
  const { calls: manifest } = await readManifests(archive, account, day);
  const stored = manifest?.calls && (await archive.open(manifest.calls.key));
  if (!manifest?.calls || !stored) return;
  const missing = missingRecords(manifest);
  for await (const { fields } of recordsOf(stored.chunks, manifest.calls.key)) {
    if (!missing.has(fields.id)) yield fields.id;
  }
}
