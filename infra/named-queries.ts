import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

export interface NamedQuery {
  /** Its file name without `.sql`. */
  readonly name: string;
  /** The comment at the start of its file. */
  readonly description: string;
  readonly sql: string;
}

/** Reads every `.sql` file of `folder`, sorted by name. */
export function readNamedQueries(folder: string): readonly NamedQuery[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".sql"));
  return files.sort().map((file) => {
    const sql = readFileSync(join(folder, file), "utf8");
    return { name: basename(file, ".sql"), description: leadingComment(sql), sql };
  });
}

function leadingComment(sql: string): string {
  const [comment = ""] = /^(--.*\n)+/.exec(sql) ?? [];
  return comment
    .replaceAll(/^--|\n$/gm, "")
    .trim()
    .replaceAll(/\s+/g, " ");
}
