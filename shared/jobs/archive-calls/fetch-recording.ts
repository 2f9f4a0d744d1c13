import type { Bucket, ObjectMetadata } from "../../aws/bucket.ts";
import { audioExtensions, documentedExtensions } from "../../core/calls/audio-formats.ts";
import type { CallDayEvent } from "../../core/calls/call-manifest.ts";
import { archiveKeys } from "../../core/object-keys.ts";
import { JobError } from "../../errors.ts";
import { openRecordingStream, type RecordingStream } from "../../ringcentral/endpoints/recording.ts";
import { BodyError } from "../../ringcentral/http/body.ts";
import type { Client } from "../../ringcentral/http/client.ts";
import { hashObject } from "../../storage/object-hash.ts";
import { type Spooled, spool } from "../../storage/spool.ts";
import { downloadFailure, emptyRecording } from "./attempt.ts";
import type { DownloadPace } from "./download-pace.ts";
import type { DueRecording } from "./due-recording.ts";

/** Services for fetching a recording. */
export interface RecordingServices {
  readonly client: Client;
  readonly archive: Bucket;
  readonly now: () => Date;
}

export interface RecordingToFetch {
  readonly account: string;
  readonly due: DueRecording;
  /** Called when the recording is newly stored. */
  readonly succeeded: () => void;
  readonly pace: Pick<DownloadPace, "begin" | "sawLength">;
}

/**
 * Stores one recording and returns the event. Adopts what an interrupted slice stored; else downloads it, with
 * one Heavy request and at most a few more to resume a broken download.
 * @throws Pause; JobError API_… or STORAGE_…
 */
export async function fetchRecording(
  { client, archive, now }: RecordingServices,
  { account, due, succeeded, pace }: RecordingToFetch,
): Promise<CallDayEvent> {
  const gate = client.gate("heavy");
  await gate.acquire();
  try {
    const stored = await alreadyStored(archive, account, due);
    if (stored) {
      gate.release();
      return stored;
    }
    pace.begin();
  } catch (error) {
    gate.release();
    throw error;
  }
  try {
    const audio = await openRecordingStream(client, due.contentUri);
    pace.sawLength(audio.bytes);
    const spooled = await spool(audio.chunks, { expectedBytes: audio.bytes }).finally(audio.close);
    try {
      const event = await store(archive, account, due, audio, spooled);
      succeeded();
      return event;
    } finally {
      await spooled.discard();
    }
  } catch (error) {
    throw downloadFailure(error, now());
  }
}

async function store(
  archive: Bucket,
  account: string,
  { day, id, owningDay = day }: DueRecording,
  { contentType, bytes }: RecordingStream,
  spooled: Spooled,
): Promise<CallDayEvent> {
  if (bytes !== undefined && bytes !== spooled.bytes) throw new BodyError("its length differs from the announced one");
  // Nothing was recorded, or RingCentral lost it. A later attempt may succeed.
  if (spooled.bytes === 0) throw emptyRecording();
  const key = archiveKeys.recording(account, owningDay, id, audioExtensions[contentType]);
  const etag = await archive.create(key, spooled, contentType);
  if (etag) return storedEvent(id, key, { bytes: spooled.bytes, sha256: spooled.sha256, etag, contentType });
  // Another run was faster, or the response to this write was lost.
  const existing = await archive.head(key);
  if (existing) return storedEvent(id, key, await withHash(archive, key, existing));
  throw new JobError("STORAGE_FAILED", `${key} was deleted while its recording was being stored`, {
    retryable: true,
    hint: "Find out what deletes objects from the archive. The recording is fetched again on later nights.",
    details: { key },
  });
}

/**
 * Returns the stored recording in a format that RingCentral documents. Another format is found when its upload
 * conflicts.
 */
async function alreadyStored(archive: Bucket, account: string, { day, id, owningDay = day }: DueRecording) {
  const keys = documentedExtensions.map((extension) => archiveKeys.recording(account, owningDay, id, extension));
  const heads = await Promise.all(keys.map(async (key) => ({ key, metadata: await archive.head(key) })));
  const found = heads.find(({ metadata }) => metadata !== undefined);
  return found?.metadata && storedEvent(id, found.key, await withHash(archive, found.key, found.metadata));
}

/** Adds the SHA-256 if S3 keeps none: a manifest needs it for every recording. */
async function withHash(archive: Bucket, key: string, metadata: ObjectMetadata): Promise<ObjectMetadata> {
  return metadata.sha256 ? metadata : { ...metadata, sha256: await hashObject(archive, key) };
}

function storedEvent(
  id: string,
  key: string,
  { bytes, sha256 = "", etag, contentType = "" }: ObjectMetadata,
): CallDayEvent {
  return { type: "stored", id, object: { key, bytes, sha256, etag, contentType } };
}
