import { createCipheriv, createHash } from "node:crypto";
import type { Recording } from "./call.ts";

const chunkBytes = 64 * 1024;
const blockBytes = 16;

/** Generates a recording's bytes `[from, to)` while they are read: the header of its format, then its own noise. */
export function* audioBytes(recording: Recording, from = 0, to = recording.bytes): Generator<Buffer> {
  const head = headOf(recording);
  let position = Math.min(from, to);
  if (position < head.length) {
    const start = head.subarray(position, Math.min(head.length, to));
    position += start.length;
    yield start;
  }
  if (position >= to) return;
  const noise = noiseFrom(recording.id, position);
  while (position < to) {
    const chunk = noise(Math.min(chunkBytes, to - position));
    position += chunk.length;
    yield chunk;
  }
}

export function sha256OfAudio(recording: Recording): string {
  const hash = createHash("sha256");
  for (const chunk of audioBytes(recording)) hash.update(chunk);
  return hash.digest("hex");
}

/** An AES-CTR key stream is fast, differs for each id, and can start at any block. */
function noiseFrom(id: string, position: number): (length: number) => Buffer {
  const key = createHash("sha256").update(id).digest().subarray(0, blockBytes);
  const counter = Buffer.alloc(blockBytes);
  counter.writeUInt32BE(Math.floor(position / blockBytes), blockBytes - 4);
  const cipher = createCipheriv("aes-128-ctr", key, counter);
  cipher.update(Buffer.alloc(position % blockBytes));
  const silence = Buffer.alloc(chunkBytes);
  return (length) => cipher.update(silence.subarray(0, length));
}

function headOf({ contentType, bytes }: Recording): Buffer {
  const head = contentType === "audio/wav" ? wavHead(bytes) : Buffer.from("49443304000000000000fffb90c4", "hex");
  return head.subarray(0, bytes);
}

/** RIFF header for 8 kHz mono μ-law, the telephone's own format. */
function wavHead(bytes: number): Buffer {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(Math.max(0, bytes - 8), 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(7, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(Math.max(0, bytes - 44), 40);
  return head;
}
