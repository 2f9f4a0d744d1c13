import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What functions have logged in earlier processes, so that it can be read afterwards as in AWS. */
interface StoredLogs {
  /** Returns the whole log of a function, with what it has logged in this process. */
  readonly read: (name: string, ofThisProcess: string) => string;
  readonly append: (name: string, text: string) => void;
}

/** Opens the logs that lie beside the buckets of a lab. */
export function openStoredLogs(dir: string): StoredLogs {
  const folder = join(dir, ".logs");
  const fileOf = (name: string) => join(folder, `${name}.log`);
  return {
    read: (name, ofThisProcess) =>
      `${existsSync(fileOf(name)) ? readFileSync(fileOf(name), "utf8") : ""}${ofThisProcess}`,
    append: (name, text) => {
      if (text === "" || !existsSync(dir)) return;
      mkdirSync(folder, { recursive: true });
      appendFileSync(fileOf(name), text);
    },
  };
}
