import type { LabResponse, Media } from "./lab-response.ts";
import { longMember, longText } from "./record.ts";

/** Returns the body of a response: audio, JSON, or nothing. */
export function bodyOf({ json, media }: LabResponse): Media {
  if (media) return media;
  const pieces = json === undefined ? [] : inPieces(partsOf(json));
  return {
    contentType: "application/json;charset=UTF-8",
    length: pieces.reduce((sum, { length }) => sum + length, 0),
    withLength: true,
    chunks: (length) => firstBytes(pieces, length),
  };
}

/** Yields a response's JSON record by record, because one text of many megabytes takes four times as long. */
function* partsOf(json: unknown): Generator<string | Buffer> {
  const { records }: { readonly records?: unknown } = Object(json);
  if (!Array.isArray(records) || records.length === 0) return yield JSON.stringify(json);
  const none = '"records":[]';
  const around = JSON.stringify({ ...Object(json), records: [] });
  const end = around.indexOf(none) + none.length - 1;
  yield around.slice(0, end);
  for (const [n, record] of records.entries()) {
    if (n > 0) yield ",";
    yield* recordParts(record);
  }
  yield around.slice(end);
}

/** Caches the filler of long records, which is the same in all of them. */
function* recordParts(record: object): Generator<string | Buffer> {
  const { [longMember]: long }: { readonly [longMember]?: unknown } = record;
  if (typeof long !== "string") return yield JSON.stringify(record);
  const empty = `"${longMember}":""`;
  const [head = "", tail = ""] = JSON.stringify({ ...record, [longMember]: "" }).split(empty);
  yield head + empty.slice(0, -1);
  yield longText(long.length).bytes;
  yield `"${tail}`;
}

const pieceLength = 256 * 1024;

function inPieces(parts: Iterable<string | Buffer>): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") text += part;
    if (typeof part === "string" && text.length < pieceLength) continue;
    pieces.push(Buffer.from(text), ...(typeof part === "string" ? [] : [part]));
    text = "";
  }
  return [...pieces, Buffer.from(text)];
}

function* firstBytes(pieces: readonly Buffer[], length: number): Generator<Buffer> {
  let left = length;
  for (const piece of pieces) {
    if (left <= 0) return;
    yield piece.subarray(0, left);
    left -= piece.length;
  }
}
