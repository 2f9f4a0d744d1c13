import type { ObjectFacts } from "../aws/bucket.ts";
import type { ManifestEvent, Try } from "../core/manifest.ts";
import { type AudioExtension, archiveKeys } from "../core/object-keys.ts";
import { JobError } from "../errors.ts";
import { lacksPermission } from "../ringcentral/api-error.ts";
import { BodyFault } from "../ringcentral/body.ts";
import { NotAudio, openRecording, type RecordingAudio } from "../ringcentral/recording.ts";
import { type Spooled, spool } from "../storage/spool.ts";
import type { DueRecording } from "./plan-recordings.ts";
import type { ArchiveServices } from "./services.ts";

const extensions = { "audio/mpeg": "mp3", "audio/wav": "wav" } as const satisfies Record<
  RecordingAudio["contentType"],
  AudioExtension
>;

/**
 * Brings one recording into the archive and tells what came of it. What an interrupted slice stored is adopted and
 * costs no request to RingCentral; else there is one Heavy request.
 * @throws Pause; JobError where the refusal concerns everything
 */
export async function fetchRecording(s: ArchiveServices, account: string, due: DueRecording): Promise<ManifestEvent> {
  await s.client.gate("heavy").admit();
  const stored = await alreadyStored(s, account, due).catch((error: unknown) => {
    s.client.gate("heavy").giveBack();
    throw error;
  });
  if (stored) {
    s.client.gate("heavy").giveBack();
    return stored;
  }
  try {
    const audio = await openRecording(s.client, due.contentUri);
    const spooled = await spool(audio.chunks, { expected: audio.bytes }).finally(audio.close);
    try {
      return await store(s, account, due, audio, spooled);
    } finally {
      await spooled.discard();
    }
  } catch (error) {
    return outcomeOf(s, due, error);
  }
}

async function store(
  s: ArchiveServices,
  account: string,
  { day, id, home = day }: DueRecording,
  { contentType, bytes }: RecordingAudio,
  spooled: Spooled,
): Promise<ManifestEvent> {
  if (spooled.bytes === 0 || (bytes !== undefined && bytes !== spooled.bytes)) throw new BodyFault("wrong length");
  const key = archiveKeys.recording(account, home, id, extensions[contentType]);
  const etag = await s.archive.create(key, spooled, contentType);
  if (etag) return storedEvent(id, key, { bytes: spooled.bytes, sha256: spooled.sha256, etag, contentType });
  // Somebody was faster, or the answer to our own write was lost.
  const facts = await s.archive.head(key);
  if (facts) return storedEvent(id, key, facts);
  throw new JobError("STORAGE_FAILED", `${key} was there and then was not`, { retryable: true, details: { key } });
}

async function alreadyStored(s: ArchiveServices, account: string, { day, id, home = day }: DueRecording) {
  const keys = Object.values(extensions).map((extension) => archiveKeys.recording(account, home, id, extension));
  const heads = await Promise.all(keys.map(async (key) => ({ key, facts: await s.archive.head(key) })));
  const found = heads.find(({ facts }) => facts !== undefined);
  return found?.facts && storedEvent(id, found.key, found.facts);
}

function storedEvent(
  id: string,
  key: string,
  { bytes, sha256 = "", etag, contentType = "" }: ObjectFacts,
): ManifestEvent {
  return { is: "stored", id, object: { key, bytes, sha256, etag, contentType } };
}

/** What of a failure concerns this recording alone; everything else is thrown on. */
function outcomeOf(s: ArchiveServices, { id }: DueRecording, error: unknown): ManifestEvent {
  const tried = (why: Try["why"], code?: unknown): ManifestEvent => {
    const at = s.now().toISOString();
    return { is: "tried", id, try: { at, why, ...(code !== undefined && { code: String(code) }) } };
  };
  if (error instanceof BodyFault) return tried("fault");
  if (error instanceof NotAudio) return tried("not-audio");
  if (!(error instanceof JobError) || lacksPermission(error)) throw error;
  const { errorCode = error.details.status } = error.details;
  switch (error.code) {
    case "API_NOT_FOUND":
      return tried("not-found", errorCode);
    case "API_REFUSED":
      return tried("refused", errorCode);
    case "API_INVALID":
    case "API_UNEXPECTED":
    case "HOST_NOT_ALLOWED":
      return tried("unexpected", errorCode ?? error.code);
    default:
      throw error;
  }
}
