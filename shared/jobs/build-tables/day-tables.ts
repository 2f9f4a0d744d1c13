import type { Bucket } from "../../aws/bucket.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import { type Row, type TableName, tableNames } from "../../core/tables/table-schema.ts";
import type { Day } from "../../core/time/days.ts";
import { openTableFile, type TableFile } from "./table-file.ts";

/** A day's tables while they are built. A table without rows gets no file. */
export interface DayTables {
  readonly add: <T extends TableName>(table: T, row: Row<T>) => Promise<void>;
  /**
   * Writes the tables that changed over the stored ones. Returns their number; undefined if another run has written one of
   * them since.
   */
  readonly store: (derived: Bucket, day: Day, storedTables: StoredTables) => Promise<number | undefined>;
  readonly discard: () => Promise<void>;
}

/** A day's tables as stored: ETag and SHA-256. */
export type StoredTables = ReadonlyMap<TableName, { readonly etag: string; readonly sha256: string | undefined }>;

const contentType = "application/vnd.apache.parquet";

export async function readStoredTables(derived: Bucket, day: Day): Promise<StoredTables> {
  const heads = await Promise.all(
    tableNames.map(async (table) => [table, await derived.head(derivedKeys.table(table, day))] as const),
  );
  return new Map(heads.flatMap(([table, found]) => (found ? [[table, found]] : [])));
}

/** Opens the tables of one day, each with its first row. */
export function openDayTables(): DayTables {
  const files = new Map<TableName, TableFile>();
  const open = (table: TableName) => {
    const file = files.get(table) ?? openTableFile(table);
    files.set(table, file);
    return file;
  };
  return {
    add: (table, row) => open(table).add(row),
    store: async (derived, day, storedTables) => {
      // A table that has no rows any more is written empty; one that never had any is not written.
      const tablesToWrite = tableNames.filter((table) => files.has(table) || storedTables.has(table));
      const outcomes = await Promise.all(
        tablesToWrite.map(async (table) => {
          const stored = storedTables.get(table);
          const body = await open(table).finish();
          if (body.sha256 === stored?.sha256) return "unchanged";
          const key = derivedKeys.table(table, day);
          const etag = await derived.replace(key, body, contentType, stored?.etag);
          return etag === undefined ? "overtaken" : "written";
        }),
      );
      if (outcomes.includes("overtaken")) return undefined;
      return outcomes.filter((outcome) => outcome === "written").length;
    },
    discard: async () => {
      await Promise.all([...files.values()].map((file) => file.discard()));
    },
  };
}
