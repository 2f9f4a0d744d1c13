import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

const folder = join(import.meta.dirname, "../../infra/queries");

/** Names of the queries that the stack saves in Athena, sorted. */
export function savedQueryNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => basename(file, ".sql"))
    .sort();
}

/** Reads a saved query. They are about the last days before today: `today` stands for it, so that old tables show rows. */
export function savedQuery(name: string, today: string | undefined): string {
  return asOf(today, readFileSync(join(folder, `${name}.sql`), "utf8"));
}

/** Returns a query of Athena's as if `today` were today. */
export function asOf(today: string | undefined, sql: string): string {
  return today === undefined ? sql : sql.replaceAll("current_date", `DATE '${today}'`);
}
