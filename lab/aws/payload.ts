import { createHash } from "node:crypto";
import { decodeChunks } from "./aws-chunked.ts";
import { AwsError } from "./aws-error.ts";
import { incompleteBody } from "./byte-source.ts";
import type { VerifiedSignature } from "./sigv4.ts";
import type { WireHeaders } from "./wire.ts";

/** A request's body as the caller meant it: framing taken off, length and signed hash checked at the end. */
export interface Payload {
  readonly bytes: AsyncIterable<Buffer>;
  /** The trailing headers; empty until `bytes` has been read to its end. */
  readonly trailers: ReadonlyMap<string, string>;
}

/** Opens the body in the form that `x-amz-content-sha256` announces. */
export function openPayload(pieces: AsyncIterable<Buffer>, headers: WireHeaders, signed: VerifiedSignature): Payload {
  const form = headers["x-amz-content-sha256"] ?? "";
  const trailers = new Map<string, string>();
  const length = declaredLength(headers);
  if (form.startsWith("STREAMING-")) {
    const chunks = decodeChunks({ pieces, trailers, ...(form.startsWith("STREAMING-AWS4-") && { signed }) });
    return { bytes: checkLength(chunks, length), trailers };
  }
  const bytes = checkLength(pieces, length);
  return { bytes: form === "UNSIGNED-PAYLOAD" ? bytes : checkHash(bytes, form), trailers };
}

/** Returns the declared length of the object, without the chunk framing, in bytes. */
export function declaredLength(headers: WireHeaders): number | undefined {
  const length = headers["x-amz-decoded-content-length"] ?? headers["content-length"];
  if (length === undefined) return undefined;
  if (!/^\d+$/.test(length)) throw new AwsError(400, "InvalidArgument", "The content length is not a number.");
  return Number(length);
}

async function* checkLength(pieces: AsyncIterable<Buffer>, length: number | undefined): AsyncGenerator<Buffer> {
  let received = 0;
  for await (const piece of pieces) {
    received += piece.length;
    yield piece;
  }
  if (length !== undefined && received !== length) throw incompleteBody();
}

async function* checkHash(pieces: AsyncIterable<Buffer>, expected: string): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  for await (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
  if (hash.digest("hex") !== expected) {
    throw new AwsError(
      400,
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  }
}
