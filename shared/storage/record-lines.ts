import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import { createGunzip, createGzip } from "node:zlib";
import { type CallRecord, parseCallRecord } from "../core/calls/call-record.ts";
import { parseExactJson } from "../core/exact-json.ts";
import { JobError } from "../errors.ts";

/** A call record has a few kilobytes; a longer line is damage. */
const maxLineLength = 16 * 1024 * 1024;
const minPieceLength = 64 * 1024;

/**
 * Joins text into buffers of 64 KiB or more: thousands of small buffers would each hold a memory slab. Equal pieces
 * compress to equal bytes.
 */
export async function* inPieces(texts: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let piece = "";
  for await (const text of texts) {
    piece += text;
    if (piece.length < minPieceLength) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  if (piece) yield Buffer.from(piece);
}

/** Compresses lines with gzip, in constant memory. */
export async function* gzippedLines(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  const done = pipeline(Readable.from(inPieces(withLineEnds(lines))), gzip);
  // The error is thrown by the reading below; until then it must not count as unhandled.
  done.catch(() => undefined);
  yield* gzip as AsyncIterable<Uint8Array>;
  await done;
}

/** Yields the lines of a gzipped object. @throws STORAGE_INVALID when it is damaged */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, key: string): AsyncGenerator<string> {
  const text = new StringDecoder();
  let rest = "";
  try {
    for await (const chunk of gunzipped(chunks)) {
      const lines = text.write(chunk as Buffer).split("\n");
      lines[0] = rest + (lines[0] ?? "");
      rest = lines.pop() ?? "";
      if (rest.length > maxLineLength) throw new RangeError(`A line has more than ${maxLineLength} characters`);
      yield* lines;
    }
  } catch (cause) {
    throw cause instanceof JobError ? cause : damagedObject(key, cause);
  }
  if (rest) yield rest;
}

/** Yields the records of a gzipped object, one per line. @throws STORAGE_INVALID when it is damaged */
export async function* recordsOf(chunks: AsyncIterable<Uint8Array>, key: string): AsyncGenerator<CallRecord> {
  for await (const line of linesOf(chunks, key)) if (line) yield parseRecord(line, key);
}

/** Returns the record's line as stored. @throws STORAGE_INVALID when it is nested too deep to write */
export function lineOf({ raw }: CallRecord): string {
  try {
    return JSON.stringify(raw);
  } catch (cause) {
    throw new JobError("STORAGE_INVALID", "Writing a stored record failed: it is nested too deep", {
      cause,
      hint: "Run npx nightshift restore --stack <name>: it puts back the version that a run wrote.",
    });
  }
}

function parseRecord(line: string, key: string): CallRecord {
  try {
    return parseCallRecord(parseExactJson(line));
  } catch (cause) {
    throw damagedObject(key, cause);
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

async function* withLineEnds(lines: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const line of lines) yield `${line}\n`;
}

function damagedObject(key: string, cause: unknown): JobError {
  return new JobError("STORAGE_INVALID", `Reading ${key} failed: it is not gzipped JSON lines`, {
    cause,
    details: { key },
    hint: "Run npx nightshift restore --stack <name>: it puts back the version that a run wrote.",
  });
}
