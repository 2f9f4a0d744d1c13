import type { Bucket, ObjectMetadata } from "../../aws/bucket.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import { type Row, type TableName, tableNames } from "../../core/tables/table-schema.ts";
import type { Day } from "../../core/time/days.ts";
import type { BuiltTable } from "../../storage/build-index.ts";
import type { Spooled } from "../../storage/spool.ts";
import { openTableFile, type TableFile } from "./table-file.ts";

/** A day's tables while they are built. A table without rows gets no file. */
export interface DayTables {
  readonly add: <T extends TableName>(table: T, row: Row<T>) => Promise<void>;
  /** Ends the tables that have rows, and those of `others`: without rows they are empty. */
  readonly finish: (others: ReadonlyMap<TableName, unknown>) => Promise<ReadonlyMap<TableName, Spooled>>;
  readonly discard: () => Promise<void>;
}

/** A day's tables as stored. */
export type StoredTables = ReadonlyMap<TableName, Pick<ObjectMetadata, "etag" | "sha256">>;

/** A day's tables as they are stored now, and the number that was written. */
export interface WrittenTables {
  readonly tables: ReadonlyMap<TableName, BuiltTable>;
  readonly written: number;
}

const contentType = "application/vnd.apache.parquet";

export async function readStoredTables(derived: Bucket, day: Day): Promise<StoredTables> {
  const heads = await Promise.all(
    tableNames.map(async (table) => [table, await derived.head(derivedKeys.table(table, day))] as const),
  );
  return new Map(heads.flatMap(([table, found]) => (found ? [[table, found]] : [])));
}

export interface TablesToWrite {
  readonly day: Day;
  readonly finished: ReadonlyMap<TableName, Spooled>;
  readonly storedTables: StoredTables;
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
    // A table that has no rows any more is written empty; one that never had any is not written.
    finish: async (others) =>
      new Map(
        await Promise.all(
          tableNames
            .filter((table) => files.has(table) || others.has(table))
            .map(async (table) => [table, await open(table).finish()] as const),
        ),
      ),
    discard: async () => {
      await Promise.all([...files.values()].map((file) => file.discard()));
    },
  };
}

/** Writes the tables that differ from the stored ones. Returns undefined if another run has written one of them since. */
export async function writeTables(
  derived: Bucket,
  { day, finished, storedTables }: TablesToWrite,
): Promise<WrittenTables | undefined> {
  const outcomes = await Promise.all(
    [...finished].map(async ([table, body]) => {
      const { bytes, sha256 } = body;
      const stored = storedTables.get(table);
      const isWritten = sha256 !== stored?.sha256;
      const key = derivedKeys.table(table, day);
      const etag = isWritten ? await derived.replace(key, body, contentType, stored?.etag) : stored.etag;
      return etag === undefined ? undefined : { table, isWritten, etag, bytes, sha256 };
    }),
  );
  const done = outcomes.filter((outcome) => outcome !== undefined);
  if (done.length < outcomes.length) return undefined;
  return {
    tables: new Map(done.map(({ table, etag, bytes, sha256 }) => [table, { etag, bytes, sha256 }])),
    written: done.filter(({ isWritten }) => isWritten).length,
  };
}
