import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Body } from "../aws/bucket.ts";
import { collected } from "./collected.ts";

/** Audio that has been read fully: its bytes, or a file in /tmp, ready to be sent as often as need be. */
export interface Spooled extends Body {
  /** Removes the file, if there is one. */
  readonly discard: () => Promise<void>;
}

/** What is longer goes to a file in /tmp, and so does everything while so much is held by all together. */
const longestInMemory = 8 * 1024 * 1024;
const mostHeld = 64 * 1024 * 1024;
let heldByAll = 0;

/** Reads `chunks` to their end and hashes them; `expected` decides at once where they go, else their length does. */
export async function spool(chunks: AsyncIterable<Uint8Array>, expected: number | undefined): Promise<Spooled> {
  const hash = createHash("sha256");
  const held: Uint8Array[] = [];
  let bytes = 0;
  let file: { readonly handle: FileHandle; readonly path: string } | undefined;
  const letGo = () => {
    heldByAll -= held.reduce((sum, chunk) => sum + chunk.length, 0);
    return held.splice(0);
  };
  try {
    if ((expected ?? 0) > longestInMemory) file = await openFile();
    for await (const chunk of collected(chunks)) {
      hash.update(chunk);
      bytes += chunk.length;
      if (!file && (bytes > longestInMemory || heldByAll > mostHeld)) file = await openFile(letGo());
      if (file) await file.handle.appendFile(chunk);
      else {
        held.push(chunk);
        heldByAll += chunk.length;
      }
    }
  } catch (error) {
    letGo();
    if (file) await unlink(file.path);
    throw error;
  } finally {
    await file?.handle.close();
  }
  const path = file?.path;
  // One piece instead of many, so that sending it makes no second copy.
  const whole = Buffer.concat(held);
  if (!path) held.splice(0, held.length, whole);
  return {
    bytes,
    sha256: hash.digest("base64"),
    open: () => (path ? Readable.from(collected(createReadStream(path))) : whole),
    discard: async () => {
      letGo();
      if (path) await unlink(path);
    },
  };
}

async function openFile(head: readonly Uint8Array[] = []) {
  const path = join(tmpdir(), `recording-${randomUUID()}`);
  const handle = await open(path, "wx", 0o600);
  for (const chunk of head) await handle.appendFile(chunk);
  return { handle, path };
}
