import { JobError } from "../errors.ts";
import { BodyFault, bodyChunks } from "./body.ts";
import type { Client } from "./client.ts";

/** A recording's audio under way. */
export interface RecordingAudio {
  readonly contentType: "audio/mpeg" | "audio/wav";
  /** Whole length in bytes, or undefined where RingCentral does not say. */
  readonly bytes: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Lets go of the connection where the chunks may not have been read to their end. */
  readonly close: () => Promise<void>;
}

/** What came is not the audio that was asked for. */
export class NotAudio extends Error {
  override readonly name = "NotAudio";
}

const contentTypes: ReadonlyMap<string, RecordingAudio["contentType"]> = new Map([
  ["audio/mpeg", "audio/mpeg"],
  ["audio/mp3", "audio/mpeg"],
  ["audio/wav", "audio/wav"],
  ["audio/x-wav", "audio/wav"],
  ["audio/wave", "audio/wav"],
]);
const longestResumes = 3;
/** Lengths and ranges are those of the audio itself. */
const uncompressed = { "accept-encoding": "identity" } as const;

/**
 * Opens a recording for which the gate has admitted one Heavy request. A download that breaks off, or may have, goes on by
 * `Range` (guide: media), each time with a request of its own.
 * @throws Pause, JobError API_…, NotAudio; while reading also BodyFault
 */
export async function openRecording(client: Client, contentUri: string): Promise<RecordingAudio> {
  const response = await client.get(contentUri, { group: "heavy", headers: uncompressed, admitted: true });
  const type = response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  const contentType = contentTypes.get(type);
  if (!contentType) {
    await response.body?.cancel();
    throw new NotAudio(`answered ${response.status} with ${type || "no content type"} where audio was due`);
  }
  if (response.status === 206 && wholeLengthOf(response) === undefined) {
    await response.body?.cancel();
    throw new JobError("API_UNEXPECTED", "A recording came in parts without being asked for");
  }
  const bytes = lengthOf(response);
  const chunks = resumable(client, contentUri, response, bytes);
  const close = async () => {
    await chunks.return(undefined);
    // A generator that was never begun has closed nothing; a body that is being read is closed by its reader.
    if (!response.body?.locked) await response.body?.cancel();
  };
  return { contentType, bytes, chunks, close };
}

/** A download whose rest is asked for. */
interface SoFar {
  readonly first: Response;
  /** Whole length, or undefined where RingCentral does not say. */
  readonly bytes: number | undefined;
  readonly received: number;
  /** True when it did not come to a clean end. */
  readonly brokeOff: boolean;
}

async function* resumable(
  client: Client,
  contentUri: string,
  first: Response,
  bytes: number | undefined,
): AsyncGenerator<Uint8Array> {
  let response: Response | "end" = first;
  let received = 0;
  for (let resumes = 0; response !== "end"; resumes++) {
    let brokeOff = false;
    try {
      for await (const chunk of bodyChunks(response)) {
        received += chunk.length;
        yield chunk;
      }
    } catch (error) {
      if (!(error instanceof BodyFault) || resumes === longestResumes) throw error;
      brokeOff = true;
    }
    if (bytes !== undefined && received >= bytes) return;
    if (resumes === longestResumes) throw new BodyFault("the body ended early again and again");
    response = await rest(client, contentUri, { first, bytes, received, brokeOff });
  }
}

/**
 * What follows the bytes received so far: asked for after a download broke off, and after one that did not tell its
 * length, where only this shows that nothing is missing.
 */
async function rest(client: Client, contentUri: string, sofar: SoFar): Promise<Response | "end"> {
  const { first, bytes, received } = sofar;
  const etag = first.headers.get("etag");
  const headers = { ...uncompressed, range: `bytes=${received}-`, ...(etag && { "if-range": etag }) };
  try {
    const response = await client.get(contentUri, { group: "heavy", headers });
    const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "");
    const fits = range && Number(range[1]) === received && (bytes === undefined || Number(range[2]) === bytes);
    if (response.status === 206 && fits) return response;
    await response.body?.cancel();
    if (isWholeAgain(response, sofar)) return "end";
  } catch (error) {
    // 416: there is nothing behind what was received (RFC 9110 §15.5.17).
    if (bytes === undefined && error instanceof JobError && error.details.status === 416) return "end";
    throw error;
  }
  throw new BodyFault("the rest was asked for and something else came");
}

/** A server without `Range` sends the same again: what had come to a clean end before is all there is. */
function isWholeAgain(response: Response, { first, bytes, received, brokeOff }: SoFar): boolean {
  const isSame = ["etag", "content-type"].every((name) => response.headers.get(name) === first.headers.get(name));
  const length = lengthOf(response);
  return response.status === 200 && isSame && bytes === undefined && !brokeOff && (length ?? received) === received;
}

function lengthOf(response: Response): number | undefined {
  const length = response.headers.get("content-length");
  return wholeLengthOf(response) ?? (length === null ? undefined : Number(length));
}

/** The length of a whole that came with status 206, from its Content-Range. */
function wholeLengthOf({ headers }: Response): number | undefined {
  const whole = /^bytes 0-\d+\/(\d+)$/.exec(headers.get("content-range") ?? "");
  return whole ? Number(whole[1]) : undefined;
}
