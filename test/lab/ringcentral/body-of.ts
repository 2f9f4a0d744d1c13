import type { Answer, Media } from "./answer.ts";

/** What an answer sends after its headers: audio, JSON, or nothing. */
export function bodyOf({ json, media }: Answer): Media {
  if (media) return media;
  const pieces = json === undefined ? [] : inPieces(textsOf(json));
  return {
    contentType: "application/json;charset=UTF-8",
    length: pieces.reduce((sum, { length }) => sum + length, 0),
    withLength: true,
    chunks: (length) => firstBytes(pieces, length),
  };
}

/** An answer's JSON, a page's record by record: a text of many megabytes costs four times as much in one. */
function* textsOf(json: unknown): Generator<string> {
  const { records }: { readonly records?: unknown } = Object(json);
  if (!Array.isArray(records) || records.length === 0) return yield JSON.stringify(json);
  const none = '"records":[]';
  const around = JSON.stringify({ ...Object(json), records: [] });
  const end = around.indexOf(none) + none.length - 1;
  yield around.slice(0, end);
  yield JSON.stringify(records[0]);
  for (const record of records.slice(1)) yield `,${JSON.stringify(record)}`;
  yield around.slice(end);
}

const pieceLength = 256 * 1024;

function inPieces(texts: Iterable<string>): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let piece = "";
  for (const text of texts) {
    piece += text;
    if (piece.length < pieceLength) continue;
    pieces.push(Buffer.from(piece));
    piece = "";
  }
  return [...pieces, Buffer.from(piece)];
}

function* firstBytes(pieces: readonly Buffer[], length: number): Generator<Buffer> {
  let left = length;
  for (const piece of pieces) {
    if (left <= 0) return;
    yield piece.subarray(0, left);
    left -= piece.length;
  }
}
