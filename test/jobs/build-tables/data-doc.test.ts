import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { dataDoc, type Query } from "../../../lab/demo/data-doc.ts";
import { type Column, partitionColumn, tableNames, tables } from "../../../shared/core/tables/table-schema.ts";

const folder = join(import.meta.dirname, "../../../infra/queries");

async function queries(): Promise<readonly Query[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => ({ name, text: await readFile(join(folder, name), "utf8") })));
}

test("a query's output is shown beneath it", async () => {
  const text = dataDoc(await queries(), { "busiest-users.sql": "name | calls\nZoë  | 3\n" });

  expect(text.split("A night in the lab returns:")).toHaveLength(2);
  expect(text.indexOf("name | calls")).toBeGreaterThan(text.indexOf("### busiest users"));
});

/** Words that Athena reserves in its statements or in Hive's (Athena user guide: reserved keywords), as far as a table may want one. */
const reserved =
  "all and array as between by case cast column constraint current_date date dayofweek decimal delete double end exchange exists extract false float for from full function group grouping having if import in inner int interval into is join last left less like local map more none not null numeric of on only or order out outer over partition percent precision primary range references right rlike rollback rollup row rows select set start table then time timestamp to trigger true union unique update user using values when where window with";

describe("the tables can be queried without quotes:", () => {
  test.each(tableNames)("%s has columns with plain names, each once, none reserved", (table) => {
    const columns: readonly Column[] = [...tables[table].columns, partitionColumn];
    const names = columns.map(({ name }) => name);

    expect(names.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
    expect(names.filter((name) => reserved.split(" ").includes(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(tableNames)("%s says in a sentence what each of its columns is", (table) => {
    const columns: readonly Column[] = tables[table].columns;

    expect(columns.filter(({ about }) => !/^[A-Z`].*\.$/.test(about)).map(({ name }) => name)).toEqual([]);
    expect(columns.filter(({ type, unit }) => type === "timestamp" && !unit)).toEqual([]);
  });
});
