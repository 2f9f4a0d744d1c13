import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Column, partitionColumn, type TableName, tableNames, tables } from "../core/tables/table-schema.ts";

/** A row as plain JavaScript: numbers, texts, booleans, nulls; timestamps as `Date`. */
export type ResultRow = Readonly<Record<string, string | number | boolean | Date | null>>;

export interface OpenTables {
  /** The newest day that any table has; undefined if there is none. */
  readonly newestDay: string | undefined;
  readonly query: (sql: string) => Promise<readonly ResultRow[]>;
  readonly close: () => void;
}

/**
 * Opens DuckDB over the tables in a folder that holds what the derived bucket does, each table under its plain name, as in
 * Athena. DuckDB is loaded only here: an installation without it can do everything else.
 */
export async function openTables(dir: string): Promise<OpenTables> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  for (const table of tableNames) await connection.run(`CREATE VIEW ${table} AS ${sourceOf(dir, table)}`);
  return {
    newestDay: newestDayIn(join(dir, "tables")),
    query: async (sql) => {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowObjectsJS().map((row) => {
        const cells = Object.entries(row).map(([name, value]) => [
          name,
          typeof value === "bigint" ? Number(value) : value,
        ]);
        return Object.fromEntries(cells) as ResultRow;
      });
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function newestDayIn(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files
    .flatMap((file) => /day=([\d-]+)[\\/]/.exec(file)?.[1] ?? [])
    .sort()
    .at(-1);
}

const sqlTypes: Readonly<Record<Column["type"], string>> = {
  string: "VARCHAR",
  int: "INTEGER",
  bigint: "BIGINT",
  double: "DOUBLE",
  boolean: "BOOLEAN",
  timestamp: "TIMESTAMP",
};

/** DuckDB refuses to read no file at all, which is an empty table in Athena. */
function sourceOf(dir: string, table: TableName): string {
  const folder = join(dir, "tables", table);
  const isThere =
    existsSync(folder) && readdirSync(folder, { recursive: true }).some((name) => `${name}`.endsWith(".parquet"));
  if (isThere) {
    const files = join(folder, "*", "*.parquet").replaceAll("'", "''");
    return `SELECT * FROM read_parquet('${files}', hive_partitioning = true, hive_types_autocast = false)`;
  }
  const columns: readonly Column[] = [...tables[table].columns, partitionColumn];
  return `SELECT ${columns.map(({ name, type }) => `CAST(NULL AS ${sqlTypes[type]}) AS ${name}`).join(", ")} WHERE FALSE`;
}
