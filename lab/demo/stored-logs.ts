import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What functions have logged in earlier processes, so that it can be read afterwards as in AWS. */
interface StoredLogs {
  /** Returns what a function has logged before this process. */
  readonly read: (name: string) => string;
  readonly append: (name: string, text: string) => void;
}

/** Opens the logs that lie beside the buckets of a lab; a lab in memory keeps none. */
export function openStoredLogs(dir: string | undefined): StoredLogs {
  if (dir === undefined) return { read: () => "", append: () => {} };
  const folder = join(dir, ".logs");
  const fileOf = (name: string) => join(folder, `${name}.log`);
  return {
    read: (name) => (existsSync(fileOf(name)) ? readFileSync(fileOf(name), "utf8") : ""),
    append: (name, text) => {
      if (text === "" || !existsSync(dir)) return;
      mkdirSync(folder, { recursive: true });
      appendFileSync(fileOf(name), text);
    },
  };
}
