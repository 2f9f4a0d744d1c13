import { Pause } from "../../core/async/pause.ts";
import type { AudioType } from "../../core/calls/audio-formats.ts";
import { isRecordingContentPath } from "../../core/calls/recording-content.ts";
import { JobError } from "../../errors.ts";
import { mediaOriginOf } from "../http/allowed-hosts.ts";
import { BodyError, BodyTimeoutError, type BodyTimeouts, BrokenBody, bodyChunks, discardBody } from "../http/body.ts";
import type { Client } from "../http/client.ts";
import { sniffAudio } from "../http/sniff-audio.ts";
import { startCountdown } from "../http/timeouts.ts";
import { isUrl } from "../http/transport.ts";
import { audioTypeOf, contentRangeOf, lengthOf, printableType, wholeLengthOf } from "./audio-headers.ts";

/** A recording's audio under way. */
export interface RecordingStream {
  readonly contentType: AudioType;
  /** Whole length in bytes, or undefined where RingCentral does not say. */
  readonly bytes: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Lets go of the connection where the chunks may not have been read to their end. */
  readonly close: () => Promise<void>;
}

/** What came is not the audio that was asked for. */
export class NotAudioError extends Error {
  override readonly name = "NotAudioError";
  /** The media type that came instead, if it may be printed. */
  readonly mediaType: string | undefined;

  constructor(response: Response) {
    const mediaType = printableType(response);
    super(`answered ${response.status} with ${mediaType ?? "no usable content type"} where audio was due`);
    this.mediaType = mediaType;
  }
}

const longestResumes = 3;
/** Guess: 24 hours of telephone audio as WAV (8 kHz, 16 bits) are 1.4 GB; what goes on beyond has no end. */
const longestRecording = 2 * 1024 ** 3;
/** Lengths and ranges are those of the audio itself. */
const uncompressed = { "accept-encoding": "identity" } as const;

/**
 * Opens a recording for which the gate has admitted one Heavy request. A download that breaks off, or may have, goes on by
 * `Range` (guide: media), each time with a request of its own, as long as the time for one recording lasts.
 * @throws Pause, JobError API_…, NotAudio, BodyFault; while reading all of them but NotAudio
 */
export async function openRecordingStream(client: Client, uriOrPath: string): Promise<RecordingStream> {
  // A path of ours stands for a `contentUri` that RingCentral left out.
  const contentUri = isRecordingContentPath(uriOrPath)
    ? new URL(uriOrPath, mediaOriginOf(client.server)).href
    : uriOrPath;
  if (!isUrl(contentUri)) {
    client.gate("heavy").release();
    throw new JobError("API_BAD_RESPONSE", "RingCentral named something as a recording's address that is none", {
      hint: "Open an issue with this line.",
    });
  }
  const first = await client.send(contentUri, { group: "heavy", headers: uncompressed, slotAcquired: true });
  const { idleMs, recordingMs } = client.timeLimits;
  const patience = { idleMs, remainingMs: startCountdown(recordingMs) };
  const saidType = audioTypeOf(first);
  if (!saidType) {
    await discardBody(first);
    throw new NotAudioError(first);
  }
  if (first.status === 206 && wholeLengthOf(first) === undefined) {
    await discardBody(first);
    throw new JobError("API_BAD_RESPONSE", "A recording came in parts without being asked for", {
      hint: "Open an issue with this line.",
    });
  }
  const bytes = lengthOf(first);
  if (bytes !== undefined && bytes > longestRecording) {
    await discardBody(first);
    throw new BodyError("the recording is longer than any call");
  }
  const chunks = resumable(client, contentUri, { first, bytes, patience });
  const close = async () => {
    await chunks.return(undefined);
    // A generator that was never begun has closed nothing.
    await discardBody(first);
  };
  if (saidType !== "sniff") return { contentType: saidType, bytes, chunks, close };
  try {
    const { contentType, whole } = await sniffed(chunks);
    if (!contentType) throw new NotAudioError(first);
    return { contentType, bytes, chunks: whole, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Reads the first chunk of a body that does not say what it is; `whole` begins with that chunk. */
async function sniffed(chunks: AsyncGenerator<Uint8Array>) {
  const first = await chunks.next();
  const whole = async function* () {
    if (first.done) return;
    yield first.value;
    yield* chunks;
  };
  // Of an empty body any type will do: nothing of it is stored.
  const contentType = first.done ? "audio/mpeg" : sniffAudio(first.value);
  return { contentType, whole: whole() } as const;
}

/** A download that has begun. */
interface Begun {
  readonly first: Response;
  /** Whole length, or undefined where RingCentral does not say. */
  readonly bytes: number | undefined;
  readonly patience: BodyTimeouts;
}

/** A download whose rest is asked for. */
interface SoFar extends Begun {
  readonly received: number;
  /** True when it did not come to a clean end. */
  readonly brokeOff: boolean;
}

async function* resumable(client: Client, contentUri: string, begun: Begun): AsyncGenerator<Uint8Array> {
  const { first, bytes, patience } = begun;
  const longest = bytes ?? longestRecording;
  let response: Response | "end" = first;
  let received = 0;
  for (let resumes = 0; response !== "end"; resumes++) {
    let brokeOff = false;
    try {
      for await (const chunk of bodyChunks(response, patience)) {
        received += chunk.length;
        if (received > longest) break;
        yield chunk;
      }
    } catch (error) {
      if (!(error instanceof BodyError) || resumes === longestResumes) throw error;
      brokeOff = true;
    }
    if (received > longest) throw new BodyError("the body is longer than it may be");
    if (received === bytes) return;
    if (resumes === longestResumes) throw new BodyError("the body ended early again and again");
    if (patience.remainingMs() <= 0) throw new BodyTimeoutError("it took too long");
    const hasFailed = brokeOff || resumes > 0;
    response = await rest(client, contentUri, { ...begun, received, brokeOff }).catch((error: unknown) => {
      // Or the rate window would be used up by this one recording again and again, and no other ever tried.
      if (hasFailed && error instanceof Pause) throw new BrokenBody("it broke off, and its rest has to wait");
      throw error;
    });
  }
}

/**
 * What follows the bytes received so far: asked for after a download broke off, and after one that did not tell its
 * length, where only this shows that nothing is missing.
 */
async function rest(client: Client, contentUri: string, sofar: SoFar): Promise<Response | "end"> {
  const { first, bytes, received } = sofar;
  const etag = first.headers.get("etag");
  // A weak one may not be used here (RFC 9110 §13.1.5): the whole would come again.
  const ifRange = etag?.startsWith('"') && { "if-range": etag };
  const headers = { ...uncompressed, range: `bytes=${received}-`, ...ifRange };
  try {
    const response = await client.send(contentUri, { group: "heavy", headers });
    const part = contentRangeOf(response);
    const fits = part?.from === received && (bytes === undefined || part.whole === bytes);
    if (response.status === 206 && fits) return response;
    await discardBody(response);
    if (isWholeAgain(response, sofar)) return "end";
  } catch (error) {
    // 416: there is nothing behind what was received (RFC 9110 §15.5.17).
    if (bytes === undefined && error instanceof JobError && error.details.status === 416) return "end";
    throw error;
  }
  throw new BodyError("the rest was asked for and something else came");
}

/** A server without `Range` sends the same again: what had come to a clean end before is all there is. */
function isWholeAgain(response: Response, { first, bytes, received, brokeOff }: SoFar): boolean {
  const isSame = ["etag", "content-type"].every((name) => response.headers.get(name) === first.headers.get(name));
  const length = lengthOf(response);
  return response.status === 200 && isSame && bytes === undefined && !brokeOff && (length ?? received) === received;
}
