import { type Column, type TableName, tables } from "../../../shared/core/tables/table-schema.ts";

const isOfType: Readonly<Record<Column["type"], (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  int: (value) => Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31,
  bigint: (value) => Number.isSafeInteger(value),
  double: (value) => Number.isFinite(value),
  boolean: (value) => typeof value === "boolean",
  timestamp: (value) => Number.isInteger(value) && !Number.isNaN(new Date(Number(value)).getTime()),
};

/** Lists deviations of a row from its table: missing or additional columns, forbidden nulls, values of another type. */
export function invalidCells(table: TableName, row: Readonly<Record<string, unknown>>): string[] {
  const columns: readonly Column[] = tables[table].columns;
  const names = columns.map(({ name }) => name);
  const unknown = Object.keys(row).filter((name) => !names.includes(name));
  const invalid = columns.filter(({ name, type, certain }) => {
    if (!Object.hasOwn(row, name)) return true;
    return row[name] === undefined ? certain === true : !isOfType[type](row[name]);
  });
  return [...unknown, ...invalid.map(({ name }) => name)];
}
