import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { jsonText, mutated } from "../ringcentral/hostile-json.ts";

const noise = fc.oneof(
  jsonText.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
);

/** Generates bytes in place of `document`: the document with anything in its places, or anything else. */
export function hostileBytes(document: unknown): fc.Arbitrary<Buffer> {
  const corrupted = fc.nat({ max: 40 }).chain((by) => mutated(rotated(document, by)));
  return fc.oneof(
    { arbitrary: corrupted.map((text) => Buffer.from(text)), weight: 4 },
    { arbitrary: noise, weight: 1 },
  );
}

/** Returns the same object with its members in another order, because only the first few of them are corrupted. */
function rotated(document: unknown, by: number): unknown {
  if (typeof document !== "object" || document === null || Array.isArray(document)) return document;
  const members = Object.entries(document);
  const first = by % (members.length || 1);
  return Object.fromEntries([...members.slice(first), ...members.slice(0, first)]);
}

/** Generates bytes in place of one gzipped document a line. */
export function hostileLines(documents: readonly unknown[]): fc.Arbitrary<Buffer> {
  const lines = fc.tuple(...documents.map(hostileBytes)).map((all) => all.join("\n"));
  const zipped = lines.map((text) => gzipSync(text));
  const cut = fc.tuple(zipped, fc.nat({ max: 400 })).map(([bytes, length]) => bytes.subarray(0, length));
  const struck = fc.tuple(zipped, fc.nat(), fc.nat({ max: 255 })).map(([bytes, at, by]) => {
    const copy = Buffer.from(bytes);
    copy[at % copy.length] = by;
    return copy;
  });
  return fc.oneof({ arbitrary: zipped, weight: 6 }, cut, struck, noise);
}
