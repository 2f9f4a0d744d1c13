import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { compareText } from "../core/compare-text.ts";
import { JobError } from "../errors.ts";
import type { Bucket, ListedObject, ObjectMetadata } from "./bucket.ts";

/**
 * Opens a folder as a bucket that is only read: a copy by `aws s3 sync`, or what `npm start` has written. Each file is an
 * object; its ETag and SHA-256 are computed from its bytes.
 * @throws REQUEST_INVALID when there is no such folder
 */
export async function openFolderBucket(folder: string): Promise<Bucket> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) throw noFolder(folder);
  const pathOf = (key: string) => join(folder, key);
  const head = (key: string) => ifFound(key, () => describeFile(pathOf(key)));
  return {
    get: (key) =>
      ifFound(key, async () => {
        const body = await readFile(pathOf(key));
        const { mtime } = await stat(pathOf(key));
        return { body, etag: etagOf(createHash("md5").update(body)), lastModified: mtime };
      }),
    open: (key) =>
      ifFound(key, async () => {
        const { etag } = await describeFile(pathOf(key));
        return { etag, chunks: createReadStream(pathOf(key)) };
      }),
    head,
    list: (prefix, after = "") => listFolder(folder, { prefix, after }),
    expirations: async () => [],
    put: refuseToWrite,
    create: refuseToWrite,
    replace: refuseToWrite,
  };
}

interface Selection {
  readonly prefix: string;
  /** Only keys greater than this one. */
  readonly after: string;
}

/** Lists the files in S3's order: a folder sorts as its name with a slash. */
async function* listFolder(root: string, selection: Selection, folder = ""): AsyncGenerator<ListedObject> {
  const { prefix, after } = selection;
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    throw storageError(folder, error);
  });
  const keys = entries.map((entry) => `${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`).sort(compareText);
  for (const key of keys) {
    if (key.endsWith("/")) {
      if (key.startsWith(prefix) || prefix.startsWith(key)) yield* listFolder(root, selection, key);
    } else if (key.startsWith(prefix) && key > after) {
      const path = join(root, key);
      const { bytes, etag } = await describeFile(path);
      yield { key, bytes, etag, lastModified: (await stat(path)).mtime };
    }
  }
}

/** S3's ETag of an object that was uploaded whole and not encrypted with a KMS key. */
const etagOf = (md5: { readonly digest: (encoding: "hex") => string }) => `"${md5.digest("hex")}"`;

async function describeFile(path: string): Promise<ObjectMetadata> {
  const [md5, sha256] = [createHash("md5"), createHash("sha256")];
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    md5.update(chunk);
    sha256.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, etag: etagOf(md5), sha256: sha256.digest("base64"), contentType: undefined };
}

/** Codes for a key without a file: none of this name, or a folder. */
const notAFile = ["ENOENT", "ENOTDIR", "EISDIR"];

/** Returns undefined if there is no such file. A key that would leave the folder names none. */
async function ifFound<T>(key: string, work: () => Promise<T>): Promise<T | undefined> {
  if (key.split("/").includes("..")) return undefined;
  try {
    return await work();
  } catch (error) {
    if (notAFile.includes(codeOf(error))) return undefined;
    throw storageError(key, error);
  }
}

function storageError(key: string, cause: unknown): JobError {
  return new JobError("STORAGE_FAILED", `Reading ${key} in the folder failed: ${codeOf(cause)}`, {
    cause,
    hint: "Check that you may read the folder and its files.",
    details: { name: codeOf(cause) },
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

async function refuseToWrite(key: string): Promise<never> {
  throw new JobError("STORAGE_FAILED", `${key} was not written: a folder is only read`);
}

function noFolder(folder: string): JobError {
  return new JobError("REQUEST_INVALID", `There is no folder ${folder}`, {
    hint: "Check --bucket: a value with a slash is a folder, without one it is the name of a bucket.",
  });
}
