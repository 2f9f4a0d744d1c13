import { createHash } from "node:crypto";
import { AwsError } from "./aws-error.ts";
import { type ByteSource, createByteSource, incompleteBody } from "./byte-source.ts";
import { badSignature, hmac, sameSignature, type VerifiedSignature } from "./sigv4.ts";

export interface ChunkedBody {
  readonly pieces: AsyncIterable<Buffer>;
  /** Given if the chunks are signed. */
  readonly signed?: VerifiedSignature;
  /** Receives the trailing headers by lower-case name, after the last chunk. */
  readonly trailers: Map<string, string>;
}

interface ChunkHead {
  readonly size: number;
  readonly signature: string;
}

/** S3 user guide: only the last chunk may be smaller. */
const minChunkBytes = 8192;
const emptyHash = createHash("sha256").digest("hex");

/** Removes the `aws-chunked` framing from a body (S3 API reference: "Signature calculations … multiple chunks"). */
export async function* decodeChunks(body: ChunkedBody): AsyncGenerator<Buffer> {
  const source = createByteSource(body.pieces);
  let previous = body.signed?.signature ?? "";
  let previousSize = minChunkBytes;
  for (;;) {
    const head = readChunkHead(await source.line());
    if (head.size > 0 && previousSize < minChunkBytes) throw chunkTooSmall();
    const hash = createHash("sha256");
    for await (const piece of chunkBytes(source, head.size)) {
      if (body.signed) hash.update(piece);
      yield piece;
    }
    if (body.signed) {
      const text = `AWS4-HMAC-SHA256-PAYLOAD\n${chain(body.signed, previous)}\n${emptyHash}\n${hash.digest("hex")}`;
      checkLink(body.signed, text, head.signature);
    }
    previous = head.signature;
    previousSize = head.size;
    if (head.size === 0) return await readTrailers(source, body, previous);
  }
}

function readChunkHead(line: string): ChunkHead {
  const match = /^([0-9a-f]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/i.exec(line);
  if (!match) throw incompleteBody();
  return { size: Number.parseInt(match[1] ?? "", 16), signature: match[2] ?? "" };
}

async function* chunkBytes(source: ByteSource, size: number): AsyncGenerator<Buffer> {
  let left = size;
  while (left > 0) {
    const piece = await source.take(left);
    left -= piece.length;
    yield piece;
  }
  if (size > 0 && (await source.line()) !== "") throw incompleteBody();
}

async function readTrailers(source: ByteSource, body: ChunkedBody, previous: string): Promise<void> {
  let signedText = "";
  for (let line = await source.line(); line !== ""; line = await source.line()) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (colon < 1)
      throw new AwsError(400, "MalformedTrailerError", "The request contained trailing data that was not well-formed");
    if (name !== "x-amz-trailer-signature") signedText += `${name}:${value}\n`;
    body.trailers.set(name, value);
  }
  if (!body.signed || signedText === "") return;
  const text = `AWS4-HMAC-SHA256-TRAILER\n${chain(body.signed, previous)}\n${sha256(signedText)}`;
  checkLink(body.signed, text, body.trailers.get("x-amz-trailer-signature") ?? "");
}

function chain(signed: VerifiedSignature, previous: string): string {
  return `${signed.timestamp}\n${signed.scope}\n${previous}`;
}

function checkLink(signed: VerifiedSignature, text: string, signature: string): void {
  if (!sameSignature(hmac(signed.key, text).toString("hex"), signature)) throw badSignature();
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function chunkTooSmall(): AwsError {
  return new AwsError(
    403,
    "InvalidChunkSizeError",
    "Only the last chunk is allowed to have a size less than 8192 bytes",
  );
}
