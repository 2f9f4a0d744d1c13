import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { ObjectBody } from "../aws/bucket.ts";
import { JobError } from "../errors.ts";
import { withForcedGc } from "./forced-gc.ts";
import { processMemory } from "./process-memory.ts";

/** What has been read fully: its bytes, or a file in /tmp, ready to be sent or read as often as need be. */
export interface Spooled extends ObjectBody {
  /** The bytes, from the first to the last, once more each time. */
  readonly chunks: () => AsyncIterable<Uint8Array>;
  /** Removes the file, if there is one. */
  readonly discard: () => Promise<void>;
}

export interface SpoolOptions {
  /** Length, where it is known ahead: it decides at once where the bytes go. */
  readonly expectedBytes?: number | undefined;
  /** What is longer goes to a file in /tmp. @default 8 MiB */
  readonly maxInMemoryBytes?: number;
}

/** Of day files and parts of listings only short ones are held in memory: a big day has fifty at once. */
export const maxTextInMemoryBytes = 256 * 1024;
/** Fifty files are read at once, too. */
const readChunkBytes = 16 * 1024;
/** Everything goes to a file while so much is held by all together. */
const mostHeld = 64 * 1024 * 1024;

/** Reads `chunks` to their end and hashes them. @throws JobError TEMPORARY_STORAGE_FAILED where /tmp has no room */
export async function spool(chunks: AsyncIterable<Uint8Array>, options: SpoolOptions = {}): Promise<Spooled> {
  const { expectedBytes = 0, maxInMemoryBytes = 8 * 1024 * 1024 } = options;
  const hash = createHash("sha256");
  const held: Uint8Array[] = [];
  let bytes = 0;
  let file: { readonly handle: FileHandle; readonly path: string } | undefined;
  const letGo = () => {
    processMemory.heldBytes -= held.reduce((sum, chunk) => sum + chunk.length, 0);
    return held.splice(0);
  };
  try {
    if (expectedBytes > maxInMemoryBytes) file = await openFile();
    for await (const chunk of withForcedGc(chunks)) {
      hash.update(chunk);
      bytes += chunk.length;
      if (!file && (bytes > maxInMemoryBytes || processMemory.heldBytes > mostHeld)) file = await openFile(letGo());
      if (file) await onDisk(file.handle.appendFile(chunk));
      else {
        held.push(chunk);
        processMemory.heldBytes += chunk.length;
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
  const fromDisk = (file: string, highWaterMark?: number) =>
    withForcedGc(createReadStream(file, { highWaterMark }) as AsyncIterable<Buffer>);
  return {
    bytes,
    sha256: hash.digest("base64"),
    open: () => (path ? Readable.from(fromDisk(path)) : whole),
    chunks: () => (path ? fromDisk(path, readChunkBytes) : Readable.from([whole])),
    discard: async () => {
      letGo();
      if (path) await unlink(path);
    },
  };
}

async function openFile(head: readonly Uint8Array[] = []) {
  const path = join(tmpdir(), `spooled-${randomUUID()}`);
  const handle = await onDisk(open(path, "wx", 0o600));
  try {
    for (const chunk of head) await onDisk(handle.appendFile(chunk));
  } catch (error) {
    await handle.close();
    await unlink(path);
    throw error;
  }
  return { handle, path };
}

async function onDisk<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new JobError("TEMPORARY_STORAGE_FAILED", `Writing to /tmp failed: ${code}`, {
      cause,
      retryable: true,
      details: { code },
      hint: "Nothing if it passes by itself; if it stays, give the job more ephemeralStorageMb in shared/jobs.ts.",
    });
  }
}
