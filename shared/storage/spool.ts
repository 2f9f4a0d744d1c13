import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { ObjectBody } from "../aws/bucket.ts";
import { JobError } from "../errors.ts";

/** Bytes read fully, in memory or in a file in /tmp; they can be sent and read any number of times. */
export interface Spooled extends ObjectBody {
  /** Reads all bytes from the start. */
  readonly chunks: () => AsyncIterable<Uint8Array>;
  /** Reads the bytes of `[from, to)`. */
  readonly read: (from: number, to: number) => Promise<Uint8Array>;
  /** Removes the file, if there is one. */
  readonly discard: () => Promise<void>;
}

export interface SpoolOptions {
  /** Length, if known; a long body then goes to a file at once. */
  readonly expectedBytes?: number | undefined;
  /** Longer bodies go to a file in /tmp. @default 8 MiB */
  readonly maxInMemoryBytes?: number;
}

/** For day files and listing parts: a large day has 50 of them open. */
export const maxTextInMemoryBytes = 256 * 1024;
/** Small, because 50 files are read concurrently. */
const readChunkBytes = 16 * 1024;
/** While all spools together hold more, bodies go to files. */
const maxHeldBytes = 64 * 1024 * 1024;
/** What the spools of this process hold in memory. */
export const spooledMemory = { heldBytes: 0 };

/** Reads `chunks` to their end and hashes them. @throws TEMPORARY_STORAGE_FAILED when writing to /tmp fails */
export async function spool(chunks: AsyncIterable<Uint8Array>, options: SpoolOptions = {}): Promise<Spooled> {
  const { expectedBytes = 0, maxInMemoryBytes = 8 * 1024 * 1024 } = options;
  const hash = createHash("sha256");
  const held: Uint8Array[] = [];
  let bytes = 0;
  let file: { readonly handle: FileHandle; readonly path: string } | undefined;
  const releaseHeld = () => {
    spooledMemory.heldBytes -= held.reduce((sum, chunk) => sum + chunk.length, 0);
    return held.splice(0);
  };
  try {
    if (expectedBytes > maxInMemoryBytes) file = await openFile();
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
      if (!file && (bytes > maxInMemoryBytes || spooledMemory.heldBytes > maxHeldBytes))
        file = await openFile(releaseHeld());
      if (file) await withDiskError(file.handle.appendFile(chunk));
      else {
        held.push(chunk);
        spooledMemory.heldBytes += chunk.length;
      }
    }
  } catch (error) {
    releaseHeld();
    if (file) await unlink(file.path);
    throw error;
  } finally {
    await file?.handle.close();
  }
  const path = file?.path;
  // One buffer instead of many, so that sending it makes no second copy.
  const whole = Buffer.concat(held);
  if (!path) held.splice(0, held.length, whole);
  return {
    bytes,
    sha256: hash.digest("base64"),
    open: () => (path ? createReadStream(path) : whole),
    chunks: () => (path ? createReadStream(path, { highWaterMark: readChunkBytes }) : Readable.from([whole])),
    read: async (from, to) => (path ? readPart(path, from, to) : whole.subarray(from, to)),
    discard: async () => {
      releaseHeld();
      if (path) await unlink(path);
    },
  };
}

async function readPart(path: string, from: number, to: number): Promise<Uint8Array> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(to - from), 0, to - from, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function openFile(head: readonly Uint8Array[] = []) {
  const path = join(tmpdir(), `spooled-${randomUUID()}`);
  const handle = await withDiskError(open(path, "wx", 0o600));
  try {
    for (const chunk of head) await withDiskError(handle.appendFile(chunk));
  } catch (error) {
    await handle.close();
    await unlink(path);
    throw error;
  }
  return { handle, path };
}

async function withDiskError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new JobError("TEMPORARY_STORAGE_FAILED", `Writing to /tmp failed: ${code}`, {
      cause,
      retryable: true,
      details: { code },
      hint: "No action: the run retries. If it stays, increase ephemeralStorageMb in the job's deployment.ts.",
    });
  }
}
