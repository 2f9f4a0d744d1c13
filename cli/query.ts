import { existsSync } from "node:fs";
import { join } from "node:path";
import { nearestName } from "../shared/core/nearest-name.ts";
import { JobError } from "../shared/errors.ts";
import { type OpenTables, openTables, type ResultRow } from "../shared/query/open-tables.ts";
import { savedQuery, savedQueryNames } from "../shared/query/saved-queries.ts";
import { tableText } from "../shared/query/table-text.ts";
import { type ExitStatus, exitStatus } from "./command.ts";
import type { QueryOptions } from "./query-command.ts";
import { print, type Shell } from "./shell.ts";

/** Prints the rows of a query; without one, the names of the saved queries. */
export async function query(options: QueryOptions, shell: Shell): Promise<ExitStatus> {
  const { query: given, tables: folder = "", json = false } = options;
  if (given === undefined) {
    for (const name of savedQueryNames()) print(shell, name);
    return exitStatus.whole;
  }
  if (!existsSync(join(folder, "tables"))) throw noTables(folder);
  const tables = await open(folder);
  try {
    const rows = await run(tables, given);
    const lines = json ? rows.map((row) => JSON.stringify(row)) : tableText(rows, rows.length).split("\n");
    if (rows.length > 0) for (const line of lines) print(shell, line);
    return rows.length > 0 ? exitStatus.whole : exitStatus.somethingIsWrong;
  } finally {
    tables.close();
  }
}

async function open(folder: string): Promise<OpenTables> {
  try {
    return await openTables(folder);
  } catch (cause) {
    const { code } = cause as { readonly code?: string };
    const hint =
      code === "ERR_MODULE_NOT_FOUND" ? "Install DuckDB: npm ci without --omit=dev." : "Copy the tables again.";
    throw new JobError("REQUEST_INVALID", `DuckDB cannot open the tables in ${folder}`, { cause, hint });
  }
}

async function run(tables: OpenTables, given: string): Promise<readonly ResultRow[]> {
  try {
    return await tables.query(sqlOf(given, tables.newestDay));
  } catch (cause) {
    if (cause instanceof JobError) throw cause;
    const [line = ""] = String((cause as Error).message).split("\n");
    throw new JobError("REQUEST_INVALID", `The query failed: ${line}`, {
      cause,
      hint: "docs/data.md describes every table and column.",
    });
  }
}

/** A single word is the name of a saved query. */
function sqlOf(given: string, today: string | undefined): string {
  if (/\s/.test(given.trim())) return given;
  const names = savedQueryNames();
  if (names.includes(given)) return savedQuery(given, today);
  throw new JobError("REQUEST_INVALID", `There is no saved query ${given}`, {
    hint: `Name one of ${names.join(", ")}. Did you mean ${nearestName(given, names)}?`,
  });
}

function noTables(folder: string): JobError {
  return new JobError("REQUEST_INVALID", `There are no tables in ${folder}`, {
    hint: "Copy the derived bucket: aws s3 sync s3://<derived> <folder>. Its folder tables/ must lie in there.",
  });
}
