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

/** What is longer goes to a file in /tmp. */
const longestInMemory = 8 * 1024 * 1024;

/** Reads `chunks` to their end and hashes them; `expected` decides at once where they go, else their length does. */
export async function spool(chunks: AsyncIterable<Uint8Array>, expected: number | undefined): Promise<Spooled> {
  const hash = createHash("sha256");
  const held: Uint8Array[] = [];
  let bytes = 0;
  let file: { readonly handle: FileHandle; readonly path: string } | undefined;
  try {
    if (expected !== undefined && expected > longestInMemory) file = await openFile();
    for await (const chunk of collected(chunks)) {
      hash.update(chunk);
      bytes += chunk.length;
      if (!file && bytes > longestInMemory) file = await openFile(held.splice(0));
      if (file) await file.handle.write(chunk);
      else held.push(chunk);
    }
  } catch (error) {
    if (file) await unlink(file.path);
    throw error;
  } finally {
    await file?.handle.close();
  }
  const path = file?.path;
  return {
    bytes,
    sha256: hash.digest("base64"),
    open: () => (path ? Readable.from(collected(createReadStream(path))) : Buffer.concat(held)),
    discard: async () => {
      held.length = 0;
      if (path) await unlink(path);
    },
  };
}

async function openFile(head: readonly Uint8Array[] = []) {
  const path = join(tmpdir(), `recording-${randomUUID()}`);
  const handle = await open(path, "wx", 0o600);
  for (const chunk of head) await handle.write(chunk);
  return { handle, path };
}
