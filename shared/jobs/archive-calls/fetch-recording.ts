import type { ObjectMetadata } from "../../aws/bucket.ts";
import { audioExtensions, documentedExtensions } from "../../core/calls/audio-formats.ts";
import type { CallDayEvent } from "../../core/calls/call-manifest.ts";
import { archiveKeys } from "../../core/object-keys.ts";
import { JobError } from "../../errors.ts";
import { openRecordingStream, type RecordingStream } from "../../ringcentral/endpoints/recording.ts";
import { BodyError } from "../../ringcentral/http/body.ts";
import { hashObject } from "../../storage/object-hash.ts";
import { type Spooled, spool } from "../../storage/spool.ts";
import { downloadFailure, emptyRecording } from "./attempt.ts";
import type { DownloadPace } from "./download-pace.ts";
import type { DueRecording } from "./plan-recordings.ts";
import type { ArchiveServices } from "./services.ts";

export interface RecordingToFetch {
  readonly account: string;
  readonly due: DueRecording;
  /** Called once it is stored anew. */
  readonly succeeded: () => void;
  readonly pace: Pick<DownloadPace, "begin" | "sawLength">;
}

/**
 * Stores one recording and returns the event. Adopts what an interrupted slice stored; else sends one Heavy request.
 * @throws Pause, JobError
 */
export async function fetchRecording(
  s: ArchiveServices,
  { account, due, succeeded, pace }: RecordingToFetch,
): Promise<CallDayEvent> {
  const gate = s.client.gate("heavy");
  await gate.acquire();
  try {
    const stored = await alreadyStored(s, account, due);
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
    const audio = await openRecordingStream(s.client, due.contentUri);
    pace.sawLength(audio.bytes);
    const spooled = await spool(audio.chunks, { expectedBytes: audio.bytes }).finally(audio.close);
    try {
      const event = await store(s, account, due, audio, spooled);
      succeeded();
      return event;
    } finally {
      await spooled.discard();
    }
  } catch (error) {
    throw downloadFailure(error, s.now());
  }
}

async function store(
  s: ArchiveServices,
  account: string,
  { day, id, home = day }: DueRecording,
  { contentType, bytes }: RecordingStream,
  spooled: Spooled,
): Promise<CallDayEvent> {
  if (bytes !== undefined && bytes !== spooled.bytes) throw new BodyError("wrong length");
  // Nothing was recorded, or RingCentral has lost it: a later attempt may bring more.
  if (spooled.bytes === 0) throw emptyRecording();
  const key = archiveKeys.recording(account, home, id, audioExtensions[contentType]);
  const etag = await s.archive.create(key, spooled, contentType);
  if (etag) return storedEvent(id, key, { bytes: spooled.bytes, sha256: spooled.sha256, etag, contentType });
  // Somebody was faster, or the answer to our own write was lost.
  const facts = await s.archive.head(key);
  if (facts) return storedEvent(id, key, await withHash(s, key, facts));
  throw new JobError("STORAGE_FAILED", `${key} was there and then was not`, {
    retryable: true,
    hint: "Look for what deletes objects from the archive; the recording is fetched again on later nights.",
    details: { key },
  });
}

/** Looks for the formats that RingCentral documents; one of another is found when its upload meets it. */
async function alreadyStored(s: ArchiveServices, account: string, { day, id, home = day }: DueRecording) {
  const keys = documentedExtensions.map((extension) => archiveKeys.recording(account, home, id, extension));
  const heads = await Promise.all(keys.map(async (key) => ({ key, facts: await s.archive.head(key) })));
  const found = heads.find(({ facts }) => facts !== undefined);
  return found?.facts && storedEvent(id, found.key, await withHash(s, found.key, found.facts));
}

/** A manifest names every recording's SHA-256, whether S3 keeps one or not. */
async function withHash({ archive }: ArchiveServices, key: string, facts: ObjectMetadata): Promise<ObjectMetadata> {
  return facts.sha256 ? facts : { ...facts, sha256: await hashObject(archive, key) };
}

function storedEvent(
  id: string,
  key: string,
  { bytes, sha256 = "", etag, contentType = "" }: ObjectMetadata,
): CallDayEvent {
  return { type: "stored", id, object: { key, bytes, sha256, etag, contentType } };
}
