import { compareDigests, createMeter, declaredDigests } from "./digests.ts";
import { defaultAlgorithm } from "./receive-object.ts";
import type { S3Call } from "./s3-call.ts";

/** Reads a body that is a document, not an object, and compares it with its digests. */
export async function readDocumentBody(call: S3Call): Promise<string> {
  const declared = declaredDigests(call.headers);
  const meter = createMeter(declared.algorithm ?? defaultAlgorithm);
  const pieces: Buffer[] = [];
  for await (const piece of call.payload.bytes) {
    meter.update(piece);
    pieces.push(piece);
  }
  compareDigests(declared, meter.finish(), call.payload.trailers);
  return Buffer.concat(pieces).toString("utf8");
}
