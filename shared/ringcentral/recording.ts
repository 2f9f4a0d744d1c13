import { JobError } from "../errors.ts";
import { BodyFault, bodyChunks } from "./body.ts";
import type { Client } from "./client.ts";

/** A recording's audio under way. */
export interface RecordingAudio {
  readonly contentType: "audio/mpeg" | "audio/wav";
  /** Whole length in bytes, or undefined where RingCentral does not say. */
  readonly bytes: number | undefined;
  readonly chunks: AsyncIterable<Uint8Array>;
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
  const bytes = lengthOf(response);
  return { contentType, bytes, chunks: resumable(client, contentUri, response, bytes) };
}

async function* resumable(
  client: Client,
  contentUri: string,
  first: Response,
  bytes: number | undefined,
): AsyncGenerator<Uint8Array> {
  const etag = first.headers.get("etag");
  let response: Response | "end" = first;
  let received = 0;
  for (let resumes = 0; response !== "end"; resumes++) {
    try {
      for await (const chunk of bodyChunks(response)) {
        received += chunk.length;
        yield chunk;
      }
    } catch (error) {
      if (!(error instanceof BodyFault) || resumes === longestResumes) throw error;
    }
    if (bytes !== undefined && received >= bytes) return;
    if (resumes === longestResumes) throw new BodyFault("the body ended early again and again");
    response = await rest(client, contentUri, received, bytes, etag);
  }
}

/**
 * What follows the bytes received so far: asked for after a download broke off, and after one that did not tell its
 * length, where only this shows that nothing is missing.
 */
async function rest(
  client: Client,
  contentUri: string,
  from: number,
  bytes: number | undefined,
  etag: string | null,
): Promise<Response | "end"> {
  const headers = { ...uncompressed, range: `bytes=${from}-`, ...(etag && { "if-range": etag }) };
  try {
    const response = await client.get(contentUri, { group: "heavy", headers });
    const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "");
    const fits = range && Number(range[1]) === from && (bytes === undefined || Number(range[2]) === bytes);
    if (response.status === 206 && fits) return response;
    await response.body?.cancel();
  } catch (error) {
    // 416: there is nothing behind what was received (RFC 9110 §15.5.17).
    if (bytes === undefined && error instanceof JobError && error.details.status === 416) return "end";
    throw error;
  }
  throw new BodyFault("the rest was asked for and something else came");
}

function lengthOf(response: Response): number | undefined {
  const length = response.headers.get("content-length");
  // A whole answer of status 206 states the length of the whole in Content-Range.
  const whole = /^bytes 0-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "");
  if (response.status === 206 && !whole)
    throw new JobError("API_UNEXPECTED", "A recording came in parts without being asked for");
  return whole ? Number(whole[1]) : length === null ? undefined : Number(length);
}
