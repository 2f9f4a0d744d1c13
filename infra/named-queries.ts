import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

export interface NamedQuery {
  /** Its file's name. */
  readonly name: string;
  /** The comment that its file begins with. */
  readonly description: string;
  readonly sql: string;
}

/** Every query in `folder`, one in each `.sql` file. */
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
