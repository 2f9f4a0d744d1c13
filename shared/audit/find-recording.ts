import type { Bucket } from "../aws/bucket.ts";
import { forEachConcurrent } from "../core/async/for-each-concurrent.ts";
import { CallManifest } from "../core/calls/call-manifest.ts";
import { aggregateKeys, archiveKeys } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { listManifests } from "../storage/day-store.ts";
import { parseManifest } from "../storage/manifest-file.ts";

export interface FindRecordingOptions {
  readonly archive: Bucket;
  readonly account: string;
  readonly id: string;
  /** The day in whose folder it lies. @default every day, the newest first */
  readonly day?: Day | undefined;
}

/** A stored recording. */
export interface StoredRecording {
  readonly day: Day;
  readonly key: string;
  readonly bytes: number;
  /** Base64, by the day's manifest; undefined if that does not name the recording yet. */
  readonly sha256: string | undefined;
}

const listConcurrency = 16;

/**
 * Finds a recording by its id, with one LIST request a day. Undefined if none is stored.
 * @throws STORAGE_INVALID when the manifest of its day is damaged; STORAGE_FAILED
 */
export async function findRecording(options: FindRecordingOptions): Promise<StoredRecording | undefined> {
  const { archive, account, id, day } = options;
  const manifests = await listManifests(archive, aggregateKeys.calls.manifestsPrefix(account));
  const days = day === undefined ? [...manifests.keys()].reverse() : [day];
  let found: Omit<StoredRecording, "sha256"> | undefined;
  await forEachConcurrent(days, listConcurrency, async (of) => {
    if (found) return;
    const begins = archiveKeys.recording(account, of, id, "mp3").replace(/mp3$/, "");
    for await (const { key, bytes } of archive.list(begins)) found = { day: of, key, bytes };
  });
  return found && { ...found, sha256: await sha256Of(options, found) };
}

async function sha256Of(
  { archive, account, id }: FindRecordingOptions,
  { day, key }: Pick<StoredRecording, "day" | "key">,
): Promise<string | undefined> {
  const manifestKey = aggregateKeys.calls.manifest(account, day);
  const stored = await archive.get(manifestKey);
  if (!stored) return undefined;
  const { recordings } = parseManifest({ manifest: CallManifest }, stored.body, manifestKey);
  const { object } = recordings.find((recording) => recording.id === id) ?? {};
  return object?.key === key ? object.sha256 : undefined;
}
