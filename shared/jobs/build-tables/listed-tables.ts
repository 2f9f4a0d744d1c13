import type { Bucket, ListedObject } from "../../aws/bucket.ts";
import { DerivedPrefix } from "../../contract.ts";
import { parseTableKey } from "../../core/tables/table-key.ts";
import type { TableName } from "../../core/tables/table-schema.ts";
import type { Day } from "../../core/time/days.ts";
import type { BuiltDay } from "../../storage/build-index.ts";

/** A day's tables as S3 lists them. */
export type ListedTables = ReadonlyMap<TableName, Pick<ListedObject, "etag" | "bytes">>;

/** Lists the tables of all days: one LIST request for every 1,000 of them. */
export async function listTables(derived: Bucket): Promise<ReadonlyMap<Day, ListedTables>> {
  const days = new Map<Day, Map<TableName, ListedObject>>();
  for await (const object of derived.list(DerivedPrefix.tables)) {
    const parsed = parseTableKey(object.key);
    if (!parsed) continue;
    const tables = days.get(parsed.day) ?? new Map<TableName, ListedObject>();
    days.set(parsed.day, tables.set(parsed.table, object));
  }
  return days;
}

/** True if a day has the tables that were written, no other, and each with the ETag and size that it had then. */
export function areAsWritten(written: BuiltDay["tables"], listed: ListedTables = new Map()): boolean {
  const isListed = ([table, { etag, bytes }]: readonly [
    TableName,
    { readonly etag: string; readonly bytes: number },
  ]) => listed.get(table)?.etag === etag && listed.get(table)?.bytes === bytes;
  return written.size === listed.size && [...written].every(isListed);
}
