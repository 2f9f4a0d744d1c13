import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A folder of JSON documents, each replaced whole or not at all. */
export interface JsonFolder<Document> {
  loadAll(): Promise<readonly Document[]>;
  save(name: string, document: Document): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Creates a folder that stores nothing on disk, for a lab that ends with its process. It is opened with the given documents. */
export function forgetfulFolder<Document>(given: readonly Document[]): JsonFolder<Document> {
  return { loadAll: async () => given, save: async () => {}, remove: async () => {} };
}

/** Limited, because a process may open only a limited number of files. */
const openConcurrency = 64;

/** Files are named by a hash of the document's name, because a name may be longer than a file's, or `../x`. */
export async function openJsonFolder<Document>(folder: string): Promise<JsonFolder<Document>> {
  await mkdir(folder, { recursive: true });
  const fileOf = (name: string) => join(folder, `${createHash("sha256").update(name).digest("hex")}.json`);
  return {
    loadAll: async () => {
      const files = (await readdir(folder)).filter((file) => file.endsWith(".json"));
      const documents: Document[] = [];
      for (let start = 0; start < files.length; start += openConcurrency) {
        const some = files.slice(start, start + openConcurrency);
        documents.push(...(await Promise.all(some.map((file) => readDocument<Document>(join(folder, file))))));
      }
      return documents;
    },
    save: (name, document) => writeDocument(fileOf(name), document),
    remove: (name) => rm(fileOf(name), { force: true }),
  };
}

export async function readDocument<Document>(file: string): Promise<Document> {
  return JSON.parse(await readFile(file, "utf8")) as Document;
}

export async function writeDocument(file: string, document: unknown): Promise<void> {
  const half = `${file}.${randomUUID()}.half`;
  await writeFile(half, `${JSON.stringify(document, undefined, 2)}\n`);
  await rename(half, file);
}
