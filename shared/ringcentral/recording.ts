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

const contentTypes: Readonly<Record<string, RecordingAudio["contentType"]>> = {
  "audio/mpeg": "audio/mpeg",
  "audio/mp3": "audio/mpeg",
  "audio/wav": "audio/wav",
  "audio/x-wav": "audio/wav",
  "audio/wave": "audio/wav",
};
const longestResumes = 3;
/** Lengths and ranges are those of the audio itself. */
const uncompressed = { "accept-encoding": "identity" } as const;

/**
 * Opens a recording for which the gate has admitted one Heavy request. A download that breaks off is resumed by `Range`
 * (guide: media), each time with a request of its own.
 * @throws Pause, JobError API_…, NotAudio; while reading also BodyFault
 */
export async function openRecording(client: Client, contentUri: string): Promise<RecordingAudio> {
  const response = await client.get(contentUri, { group: "heavy", headers: uncompressed, admitted: true });
  const type = response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  const contentType = contentTypes[type];
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
  let response = first;
  let received = 0;
  for (let resumes = 0; ; resumes++) {
    try {
      for await (const chunk of bodyChunks(response)) {
        received += chunk.length;
        yield chunk;
      }
      if (bytes === undefined || received >= bytes) return;
      throw new BodyFault("the body ended early");
    } catch (error) {
      if (!(error instanceof BodyFault) || bytes === undefined || resumes === longestResumes) throw error;
      response = await resume(client, contentUri, received, bytes, first.headers.get("etag"));
    }
  }
}

/** The rest of a broken download, from the very place where it broke off. */
async function resume(
  client: Client,
  contentUri: string,
  from: number,
  bytes: number,
  etag: string | null,
): Promise<Response> {
  const headers = { ...uncompressed, range: `bytes=${from}-`, ...(etag && { "if-range": etag }) };
  const response = await client.get(contentUri, { group: "heavy", headers });
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "");
  if (response.status === 206 && range && Number(range[1]) === from && Number(range[2]) === bytes) return response;
  await response.body?.cancel();
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
