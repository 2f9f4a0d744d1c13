import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import type { Bucket } from "../../aws/bucket.ts";
import { derivedKeys } from "../../core/object-keys.ts";
import type { Row, TableName } from "../../core/tables/table-schema.ts";
import type { Day } from "../../core/time/days.ts";
import { JobError } from "../../errors.ts";
import type { BuiltTable } from "../../storage/build-index.ts";
import { type Spooled, spool } from "../../storage/spool.ts";

/** The rows of a table's file, with some of its columns. */
export interface TableRows<T extends TableName, Name extends keyof Row<T>> {
  readonly table: T;
  readonly day: Day;
  /** The file as it was written. */
  readonly written: BuiltTable;
  readonly columns: readonly Name[];
  /** Skips groups of rows that all have a value in this column. */
  readonly onlyWithout?: Name;
}

const parsers = { timestampFromMilliseconds: Number };

/**
 * Yields the rows of a table, one row group at a time.
 * @throws STORAGE_INVALID when the file is not the one that was written; STORAGE_FAILED, TEMPORARY_STORAGE_FAILED
 */
export async function* readRows<T extends TableName, Name extends keyof Row<T> & string>(
  derived: Pick<Bucket, "open">,
  { table, day, written, columns, onlyWithout }: TableRows<T, Name>,
): AsyncGenerator<Pick<Row<T>, Name>> {
  const key = derivedKeys.table(table, day);
  const body = await spoolTable(derived, key, written);
  try {
    const file = asFile(body);
    const metadata = await parquetMetadataAsync(file);
    for (const { rowStart, rowEnd } of rowGroups(metadata, onlyWithout)) {
      const rows = await parquetReadObjects({ file, metadata, columns: [...columns], rowStart, rowEnd, parsers });
      for (const row of rows) yield withoutNulls(row) as Pick<Row<T>, Name>;
    }
  } finally {
    await body.discard();
  }
}

async function spoolTable(derived: Pick<Bucket, "open">, key: string, written: BuiltTable): Promise<Spooled> {
  const opened = await derived.open(key);
  const body = opened && (await spool(opened.chunks, { expectedBytes: written.bytes }));
  if (body?.sha256 === written.sha256) return body;
  await body?.discard();
  throw new JobError("STORAGE_INVALID", `Reading ${key} failed: it is not the table that build-tables wrote`, {
    details: { key },
  });
}

function asFile({ bytes, read }: Spooled): AsyncBuffer {
  return {
    byteLength: bytes,
    slice: async (from, to = bytes) => {
      const part = await read(from, to);
      return part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength) as ArrayBuffer;
    },
  };
}

function* rowGroups({ row_groups }: FileMetaData, onlyWithout: string | undefined) {
  let rowStart = 0;
  for (const { num_rows, columns } of row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    const column = columns.find(({ meta_data }) => meta_data?.path_in_schema[0] === onlyWithout)?.meta_data;
    if (column?.statistics?.null_count !== 0n) yield { rowStart, rowEnd };
    rowStart = rowEnd;
  }
}

/** Parquet's null is undefined here, and its 64-bit integers are numbers: none of ours needs more. Changes the row. */
function withoutNulls(row: Record<string, unknown>): Readonly<Record<string, unknown>> {
  for (const name of Object.keys(row)) {
    const value = row[name];
    if (value === null) row[name] = undefined;
    else if (typeof value === "bigint") row[name] = Number(value);
  }
  return row;
}
