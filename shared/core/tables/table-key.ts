import { derivedKeys } from "../object-keys.ts";
import { type Day, isDay } from "../time/days.ts";
import { type TableName, tableNames } from "./table-schema.ts";

/** Returns the table and the day in the key of a table; undefined if the key is another's. */
export function parseTableKey(key: string): { readonly table: TableName; readonly day: Day } | undefined {
  const day = /\/day=([^/]+)\//.exec(key)?.[1];
  const table = tableNames.find((name) => key.startsWith(derivedKeys.tablePrefix(name)));
  if (day === undefined || !isDay(day) || table === undefined) return undefined;
  return key === derivedKeys.table(table, day) ? { table, day } : undefined;
}
