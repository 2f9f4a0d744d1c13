import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import { createGunzip, createGzip } from "node:zlib";
import { type CallRecord, parseCallRecord } from "../core/calls/call-record.ts";
import { parseExactJson } from "../core/exact-json.ts";
import { JobError } from "../errors.ts";
import { withForcedGc } from "./forced-gc.ts";

/** No line is longer: a call record is some kilobytes, and a page of them is never one line. */
const longestLine = 16 * 1024 * 1024;
const pieceLength = 64 * 1024;

/**
 * Short texts as bytes, in pieces of a fair length: thousands of small buffers would each hold a slab of memory, and what is
 * compressed in the same pieces makes the same bytes.
 */
export async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let piece = "";
  for await (const text of texts) {
    piece += text;
    if (piece.length < pieceLength) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  if (piece) yield Buffer.from(piece);
}

/** Lines as gzip, in constant memory. */
export async function* gzippedLines(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  const done = pipeline(Readable.from(inPieces(withEnds(lines))), gzip);
  // Told through the reading below; without this a failure would count as unhandled before it is awaited.
  done.catch(() => undefined);
  yield* gzip as AsyncIterable<Uint8Array>;
  await done;
}

/** The lines of a gzipped object. @throws JobError STORAGE_INVALID where it is damaged */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, key: string): AsyncGenerator<string> {
  const text = new StringDecoder();
  let rest = "";
  try {
    for await (const chunk of withForcedGc(gunzipped(chunks))) {
      const lines = text.write(chunk as Buffer).split("\n");
      lines[0] = rest + (lines[0] ?? "");
      rest = lines.pop() ?? "";
      if (rest.length > longestLine) throw new RangeError("a line without end");
      yield* lines;
    }
  } catch (cause) {
    throw cause instanceof JobError ? cause : damaged(key, cause);
  }
  if (rest) yield rest;
}

/** The records of a gzipped object, one a line. */
export async function* recordsOf(chunks: AsyncIterable<Uint8Array>, key: string): AsyncGenerator<CallRecord> {
  for await (const line of linesOf(chunks, key)) if (line) yield recordIn(line, key);
}

/** A record as it is kept. @throws JobError STORAGE_INVALID where it is so deep that it was read and cannot be written */
export function lineOf({ raw }: CallRecord): string {
  try {
    return JSON.stringify(raw);
  } catch (cause) {
    throw new JobError("STORAGE_INVALID", "A stored record is nested deeper than any that RingCentral gives", {
      cause,
      hint: "Restore an earlier version of the day's calls from the bucket's version history.",
    });
  }
}

function recordIn(line: string, key: string): CallRecord {
  try {
    return parseCallRecord(parseExactJson(line));
  } catch (cause) {
    throw damaged(key, cause);
  }
}

async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const source = Readable.from(chunks);
  const done = pipeline(source, gunzip);
  let failure: unknown;
  done.catch((error: unknown) => {
    failure = error;
  });
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw failure ?? error;
  } finally {
    source.destroy();
  }
  await done;
}

async function* withEnds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

function damaged(key: string, cause: unknown): JobError {
  return new JobError("STORAGE_INVALID", `${key} is damaged: it is not gzipped JSON lines`, {
    cause,
    details: { key },
    hint: "Restore an earlier version of the object from the bucket's version history.",
  });
}
