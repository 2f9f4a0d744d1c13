import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { ChecksumAlgorithm } from "./checksums.ts";
import { createMeter, type MeasuredDigests } from "./digests.ts";

export interface WrittenBytes extends MeasuredDigests {
  /** The file's name within the folder. */
  readonly file: string;
}

/** A file that is being read; it stays until it is closed, even if it is removed meanwhile. */
export interface OpenBytes {
  /** Reads the bytes from the first to the last, both included, then closes the file. */
  createReadStream(range: { readonly start: number; readonly end: number }): Readable;
  readFile(): Promise<Buffer>;
  close(): Promise<void>;
}

/** The bytes of every version and part, in files that are written once and that no request changes. */
export interface BytesFolder {
  /** Streams `pieces` to a new file. If they break off, no file is left. */
  write(pieces: AsyncIterable<Buffer>, algorithm: ChecksumAlgorithm): Promise<WrittenBytes>;
  read(file: string): AsyncIterable<Buffer>;
  open(file: string): Promise<OpenBytes>;
  remove(file: string): Promise<void>;
  /** Changes the bytes in place, as a failing disk does. */
  alter(file: string, change: (bytes: Buffer) => Buffer): Promise<void>;
  pathOf(file: string): string;
  /** Removes every file that no version or part references, as a killed lab leaves them. */
  keepOnly(files: ReadonlySet<string>): Promise<void>;
}

export async function openBytesFolder(folder: string): Promise<BytesFolder> {
  await mkdir(folder, { recursive: true });
  const pathOf = (file: string) => join(folder, file);
  const remove = (file: string) => rm(pathOf(file), { force: true });
  return {
    write: async (pieces, algorithm) => {
      const file = randomUUID();
      try {
        return { file, ...(await writePieces(pathOf(file), pieces, algorithm)) };
      } catch (error) {
        await remove(file);
        throw error;
      }
    },
    read: (file) => readPieces(pathOf(file)),
    open: (file) => open(pathOf(file)),
    remove,
    alter: async (file, change) => {
      await chmod(pathOf(file), 0o644);
      await writeFile(pathOf(file), change(await readFile(pathOf(file))));
    },
    pathOf,
    keepOnly: async (files) => {
      const unnamed = (await readdir(folder)).filter((file) => !files.has(file));
      await Promise.all(unnamed.map(remove));
    },
  };
}

/** Creates such a folder in memory, with the given files. */
export function createBytesInMemory(given: ReadonlyMap<string, Buffer>): BytesFolder {
  const files = new Map(given);
  const find = (file: string): Buffer => {
    const bytes = files.get(file);
    if (!bytes) throw new Error(`There are no bytes called ${file}`);
    return bytes;
  };
  return {
    write: async (pieces, algorithm) => {
      const meter = createMeter(algorithm);
      const held: Buffer[] = [];
      for await (const piece of pieces) {
        meter.update(piece);
        held.push(piece);
      }
      const file = randomUUID();
      files.set(file, Buffer.concat(held));
      return { file, ...meter.finish() };
    },
    read: (file) => Readable.from([find(file)]),
    open: async (file) => {
      const bytes = find(file);
      return {
        createReadStream: ({ start, end }) => Readable.from(piecesOf(bytes.subarray(start, end + 1))),
        readFile: async () => bytes,
        close: async () => {},
      };
    },
    remove: async (file) => void files.delete(file),
    alter: async (file, change) => void files.set(file, change(find(file))),
    pathOf: (file) => file,
    keepOnly: async () => {},
  };
}

/** As large as those of a file's stream. */
const pieceBytes = 64 * 1024;

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += pieceBytes) yield bytes.subarray(start, start + pieceBytes);
}

/** Makes a written file read-only. Users see the same file, and an editor must not change an object. */
const readOnly = 0o444;

async function writePieces(
  path: string,
  pieces: AsyncIterable<Buffer>,
  algorithm: ChecksumAlgorithm,
): Promise<MeasuredDigests> {
  const meter = createMeter(algorithm);
  await using file = await open(path, "wx", readOnly);
  for await (const piece of pieces) {
    meter.update(piece);
    await file.writeFile(piece);
  }
  return meter.finish();
}

async function* readPieces(path: string): AsyncGenerator<Buffer> {
  await using file = await open(path);
  for await (const piece of file.createReadStream({ autoClose: false })) yield piece;
}
