import type { Bucket } from "../../aws/bucket.ts";
import { archiveKeys } from "../../core/object-keys.ts";
import { type Row, type TableName, tableNames } from "../../core/tables/table-schema.ts";
import type { Day } from "../../core/time/days.ts";
import { openTableFile, type TableFile } from "./table-file.ts";

/** A day's tables while they are made; what no row was added to has no file. */
export interface DayTables {
  readonly add: <T extends TableName>(table: T, row: Row<T>) => Promise<void>;
  /**
   * Writes the tables that have changed over those that were there; tells how many, or undefined where another run has
   * written one of them since.
   */
  readonly store: (archive: Bucket, day: Day, there: StoredTables) => Promise<number | undefined>;
  readonly discard: () => Promise<void>;
}

/** What lies in the archive of a day's tables: ETag and SHA-256. */
export type StoredTables = ReadonlyMap<TableName, { readonly etag: string; readonly sha256: string | undefined }>;

const contentType = "application/vnd.apache.parquet";

export async function readStoredTables(archive: Bucket, day: Day): Promise<StoredTables> {
  const facts = await Promise.all(
    tableNames.map(async (table) => [table, await archive.head(archiveKeys.table(table, day))] as const),
  );
  return new Map(facts.flatMap(([table, found]) => (found ? [[table, found]] : [])));
}

export function openDayTables(): DayTables {
  const files = new Map<TableName, TableFile>();
  const open = (table: TableName) => {
    const file = files.get(table) ?? openTableFile(table);
    files.set(table, file);
    return file;
  };
  return {
    add: (table, row) => open(table).add(row),
    store: async (archive, day, there) => {
      // A day of which nothing is left to tell gets an empty table over the old one; one that never had any gets none.
      const told = tableNames.filter((table) => files.has(table) || there.has(table));
      const outcomes = await Promise.all(
        told.map(async (table) => {
          const before = there.get(table);
          const body = await open(table).finish();
          if (body.sha256 === before?.sha256) return "unchanged";
          const key = archiveKeys.table(table, day);
          const etag = await archive.replace(key, body, contentType, before?.etag);
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
