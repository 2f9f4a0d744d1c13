import { Pause } from "../../core/async/pause.ts";
import type { AudioType } from "../../core/calls/audio-formats.ts";
import { isRecordingContentPath } from "../../core/calls/recording-content.ts";
import { JobError } from "../../errors.ts";
import { mediaOriginOf } from "../http/allowed-hosts.ts";
import {
  BodyBrokenError,
  BodyError,
  BodyTimeoutError,
  type BodyTimeouts,
  bodyChunks,
  discardBody,
} from "../http/body.ts";
import type { Client } from "../http/client.ts";
import { sniffAudio } from "../http/sniff-audio.ts";
import { startCountdown } from "../http/timeouts.ts";
import { isUrl } from "../http/transport.ts";
import { audioTypeOf, contentRangeOf, lengthOf, printableType, wholeLengthOf } from "./audio-headers.ts";

/** A recording that is being downloaded. */
export interface RecordingStream {
  readonly contentType: AudioType;
  /** Whole length in bytes; undefined if RingCentral does not send it. */
  readonly bytes: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Closes the connection, whether or not all chunks were read. */
  readonly close: () => Promise<void>;
}

/** The response is no audio. */
export class NotAudioError extends Error {
  override readonly name = "NotAudioError";
  /** The media type of the response, if it is safe to log. */
  readonly mediaType: string | undefined;

  constructor(response: Response) {
    const mediaType = printableType(response);
    super(`the response ${response.status} has ${mediaType ?? "no usable content type"} instead of audio`);
    this.mediaType = mediaType;
  }
}

const maxResumes = 3;
/** Guess: 24 hours of telephone audio as WAV (8 kHz, 16 bits) have 1.4 GB. A longer body is considered endless. */
const maxRecordingBytes = 2 * 1024 ** 3;
/** No compression, so that lengths and ranges are those of the audio. */
const uncompressed = { "accept-encoding": "identity" } as const;

/**
 * Opens a recording; the caller has acquired a Heavy slot. An incomplete download resumes with `Range` up to 3 times
 * within the timeout for one recording. Each resume is one more Heavy request.
 * https://developers.ringcentral.com/guide/basics/media
 * @throws Pause, JobError API_…, NotAudioError, BodyError; while chunks are read, all but NotAudioError
 */
export async function openRecordingStream(client: Client, uriOrPath: string): Promise<RecordingStream> {
  // Nightshift stores a path where RingCentral sent no `contentUri`.
  const contentUri = isRecordingContentPath(uriOrPath)
    ? new URL(uriOrPath, mediaOriginOf(client.server)).href
    : uriOrPath;
  if (!isUrl(contentUri)) {
    client.gate("heavy").release();
    throw new JobError("API_BAD_RESPONSE", "A recording's contentUri is not a URL", {
      hint: "Open an issue with this line.",
    });
  }
  const first = await client.send(contentUri, { group: "heavy", headers: uncompressed, slotAcquired: true });
  const { idleMs, recordingMs } = client.timeouts;
  const timeouts = { idleMs, remainingMs: startCountdown(recordingMs) };
  const declaredType = audioTypeOf(first);
  if (!declaredType) {
    await discardBody(first);
    throw new NotAudioError(first);
  }
  if (first.status === 206 && wholeLengthOf(first) === undefined) {
    await discardBody(first);
    throw new JobError("API_BAD_RESPONSE", "A recording request without Range got a partial response (206)", {
      hint: "Open an issue with this line.",
    });
  }
  const bytes = lengthOf(first);
  if (bytes !== undefined && bytes > maxRecordingBytes) {
    await discardBody(first);
    throw new BodyError("the recording exceeds 2 GiB");
  }
  const chunks = resumable(client, contentUri, { first, bytes, timeouts });
  const close = async () => {
    await chunks.return(undefined);
    // A generator that never started has closed nothing.
    await discardBody(first);
  };
  if (declaredType !== "sniff") return { contentType: declaredType, bytes, chunks, close };
  try {
    const { contentType, whole } = await sniffed(chunks);
    if (!contentType) throw new NotAudioError(first);
    return { contentType, bytes, chunks: whole, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Fetches one byte of a recording, to see whether RingCentral serves it. @throws Pause, JobError API_…, NotAudioError */
export async function probeRecording(client: Client, contentUri: string): Promise<void> {
  const response = await client.send(contentUri, { group: "heavy", headers: { range: "bytes=0-0" } });
  await discardBody(response);
  if (!audioTypeOf(response)) throw new NotAudioError(response);
}

/** Reads the first chunk of a body to find its media type. `whole` yields the body including that chunk. */
async function sniffed(chunks: AsyncGenerator<Uint8Array>) {
  const first = await chunks.next();
  const whole = async function* () {
    if (first.done) return;
    yield first.value;
    yield* chunks;
  };
  // An empty body is not stored, so any type is fine.
  const contentType = first.done ? "audio/mpeg" : sniffAudio(first.value);
  return { contentType, whole: whole() } as const;
}

/** A download that has started. */
interface StartedDownload {
  readonly first: Response;
  /** Whole length in bytes; undefined if RingCentral does not send it. */
  readonly bytes: number | undefined;
  readonly timeouts: BodyTimeouts;
}

/** A download whose rest is requested. */
interface PartialDownload extends StartedDownload {
  readonly received: number;
  /** False if the body ended cleanly. */
  readonly brokeOff: boolean;
}

async function* resumable(client: Client, contentUri: string, download: StartedDownload): AsyncGenerator<Uint8Array> {
  const { first, bytes, timeouts } = download;
  const maxBytes = bytes ?? maxRecordingBytes;
  let response: Response | "end" = first;
  let received = 0;
  for (let resumes = 0; response !== "end"; resumes++) {
    let brokeOff = false;
    try {
      for await (const chunk of bodyChunks(response, timeouts)) {
        received += chunk.length;
        if (received > maxBytes) break;
        yield chunk;
      }
    } catch (error) {
      if (!(error instanceof BodyError) || resumes === maxResumes) throw error;
      brokeOff = true;
    }
    if (received > maxBytes) throw new BodyError("the body is longer than announced");
    if (received === bytes) return;
    if (resumes === maxResumes) throw new BodyError("the body ended early after 3 resumes");
    if (timeouts.remainingMs() <= 0) throw new BodyTimeoutError("the download took too long");
    const hasFailed = brokeOff || resumes > 0;
    response = await rest(client, contentUri, { ...download, received, brokeOff }).catch((error: unknown) => {
      // Else this recording could use up every rate window, and no other would be fetched.
      if (hasFailed && error instanceof Pause)
        throw new BodyBrokenError("the body broke off, and the rate window has no room for the rest");
      throw error;
    });
  }
}

/**
 * Requests the bytes after those received: when a download broke off, and when its length is unknown, to prove that
 * nothing is missing. Returns "end" if nothing is missing.
 */
async function rest(client: Client, contentUri: string, partial: PartialDownload): Promise<Response | "end"> {
  const { first, bytes, received } = partial;
  const etag = first.headers.get("etag");
  // A weak ETag must not be used here (RFC 9110 §13.1.5): the server would send the whole again.
  const ifRange = etag?.startsWith('"') && { "if-range": etag };
  const headers = { ...uncompressed, range: `bytes=${received}-`, ...ifRange };
  try {
    const response = await client.send(contentUri, { group: "heavy", headers });
    const part = contentRangeOf(response);
    const fits = part?.from === received && (bytes === undefined || part.whole === bytes);
    if (response.status === 206 && fits) return response;
    await discardBody(response);
    if (isWholeAgain(response, partial)) return "end";
  } catch (error) {
    // 416: there are no further bytes (RFC 9110 §15.5.17).
    if (bytes === undefined && error instanceof JobError && error.details.status === 416) return "end";
    throw error;
  }
  throw new BodyError("the response to the request for the rest does not continue the download");
}

/** True if a server without `Range` sent the same again: then a body that ended cleanly was complete. */
function isWholeAgain(response: Response, { first, bytes, received, brokeOff }: PartialDownload): boolean {
  const isSame = ["etag", "content-type"].every((name) => response.headers.get(name) === first.headers.get(name));
  const length = lengthOf(response);
  return response.status === 200 && isSame && bytes === undefined && !brokeOff && (length ?? received) === received;
}
