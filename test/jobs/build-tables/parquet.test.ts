import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Column, type TableName, tableNames, tables } from "../../../shared/core/tables/table-schema.ts";
import { type Cells, createParquetEncoder } from "../../../shared/jobs/build-tables/parquet.ts";
import { type OpenTables, openTables } from "../../../shared/query/open-tables.ts";
import { jsonText } from "../../support/ringcentral/hostile-json.ts";

let dir: string;
let duck: OpenTables;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "nightshift-parquet-"));
  duck = await openTables(dir);
});
afterAll(async () => {
  duck.close();
  await rm(dir, { recursive: true });
});

function encode(table: TableName, rows: Iterable<Cells>): Buffer {
  const encoder = createParquetEncoder(table);
  const parts: Uint8Array[] = [];
  for (const row of rows) {
    const bytes = encoder.add(row);
    if (bytes) parts.push(bytes);
  }
  return Buffer.concat([...parts, encoder.finish()]);
}

let files = 0;
async function read(bytes: Buffer) {
  const path = join(dir, `${files++}.parquet`);
  await mkdir(dir, { recursive: true });
  await writeFile(path, bytes);
  return {
    rows: () => duck.query(`SELECT * FROM read_parquet('${path}')`),
    of: (select: string, from = "read_parquet") => duck.query(`SELECT ${select} FROM ${from}('${path}')`),
    describe: () => duck.query(`DESCRIBE SELECT * FROM read_parquet('${path}')`),
  };
}

const sqlTypes = {
  string: "VARCHAR",
  int: "INTEGER",
  bigint: "BIGINT",
  double: "DOUBLE",
  boolean: "BOOLEAN",
  timestamp: "TIMESTAMP",
} as const;
const least = { string: "", int: 0, bigint: 0, double: 0, boolean: false, timestamp: 0 } as const;

/** A row of nulls, where there may be one. */
function emptyRow(table: TableName): Cells {
  const columns: readonly Column[] = tables[table].columns;
  return Object.fromEntries(columns.map(({ name, type, certain }) => [name, certain ? least[type] : undefined]));
}

describe.each(tableNames)("a file of the table %s", (table) => {
  test("has the columns and types of the schema, and nulls only where they are allowed", async () => {
    const file = await read(encode(table, [emptyRow(table)]));
    const columns: readonly Column[] = tables[table].columns;

    const described = await file.describe();

    expect(described.map(({ column_name, column_type }) => [column_name, column_type])).toEqual(
      columns.map(({ name, type }) => [name, sqlTypes[type]]),
    );
    const [row = {}] = await file.rows();
    expect(Object.keys(row).filter((name) => row[name] === null)).toEqual(
      columns.filter(({ certain }) => !certain).map(({ name }) => name),
    );
  });

  test("is a table without rows if there are none", async () => {
    const file = await read(encode(table, []));

    expect(await file.rows()).toEqual([]);
    expect(await file.describe()).toHaveLength(tables[table].columns.length);
  });
});

describe("a table is read back with the same", () => {
  const call = (cells: Cells) => ({ ...emptyRow("calls"), ...cells });

  test("texts of any language, length and content, with U+FFFD for invalid Unicode", async () => {
    const texts = ["", " ", "李小龍", "𝄞☎", 'it\'s "quoted"', "\u0000\n\r", "=1+1", "a".repeat(100_000), "\ud800"];

    const file = await read(
      encode(
        "calls",
        texts.map((from_name) => call({ from_name })),
      ),
    );

    expect((await file.of("from_name")).map((row) => row.from_name)).toEqual(texts.map((each) => each.toWellFormed()));
  });

  test("numbers to the last digit", async () => {
    const row = {
      ...emptyRow("recordings"),
      bytes: Number.MAX_SAFE_INTEGER,
      attempts: 2 ** 31 - 1,
      duration_seconds: 1e-7,
    };

    const file = await read(encode("recordings", [row]));

    expect(await file.of("bytes, attempts, duration_seconds")).toEqual([
      { bytes: Number.MAX_SAFE_INTEGER, attempts: 2 ** 31 - 1, duration_seconds: 1e-7 },
    ]);
  });

  test("timestamps to the millisecond, before 1970 and in the year 9999", async () => {
    const instants = ["1969-12-31T23:59:59.999Z", "2026-11-01T06:00:00.001Z", "9999-12-31T23:59:59.999Z"];

    const file = await read(
      encode(
        "calls",
        instants.map((each) => call({ start_time: Date.parse(each) })),
      ),
    );

    expect((await file.of("start_time")).map((row) => row.start_time)).toEqual(instants.map((each) => new Date(each)));
  });

  test("any row of any table", async () => {
    const cell = { string: jsonText, int: fc.integer(), bigint: fc.maxSafeInteger(), boolean: fc.boolean() };
    const double = fc.double({ noNaN: true, noDefaultInfinity: true });
    const timestamp = fc.integer({ min: Date.parse("0001-01-01"), max: Date.parse("9999-12-31") });
    const values: Readonly<Record<Column["type"], fc.Arbitrary<string | number | boolean>>> = {
      ...cell,
      double,
      timestamp,
    };
    const rowOf = (table: TableName) => {
      const columns: readonly Column[] = tables[table].columns;
      const cells = columns.map(({ name, type, certain }) => [
        name,
        certain ? values[type] : fc.option(values[type], { nil: undefined }),
      ]);
      return fc.record(Object.fromEntries(cells)) as fc.Arbitrary<Cells>;
    };
    const tableOf = fc
      .constantFrom(...tableNames)
      .chain((table) => fc.tuple(fc.constant(table), fc.array(rowOf(table), { maxLength: 20 })));
    await fc.assert(
      fc.asyncProperty(tableOf, async ([table, rows]) => {
        const bytes = encode(table, rows);

        const found = await (await read(bytes)).rows();

        expect(found).toEqual(rows.map((row) => readBack(table, row)));
        expect(encode(table, rows).equals(bytes)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  function readBack(table: TableName, row: Cells) {
    const columns: readonly Column[] = tables[table].columns;
    const cells = columns.map(({ name, type }) => {
      const value = row[name];
      if (value === undefined) return [name, null];
      return [
        name,
        type === "timestamp" ? new Date(Number(value)) : typeof value === "string" ? value.toWellFormed() : value,
      ];
    });
    return Object.fromEntries(cells);
  }
});

describe("a big file", () => {
  const rows = function* (count: number, text: string) {
    for (let leg = 0; leg < count; leg++) yield { ...emptyRow("legs"), call_id: `call ${leg}`, leg, from_name: text };
  };

  test("is written one row group at a time, which is then released", async () => {
    const encoder = createParquetEncoder("legs");
    let fullGroups = 0;
    for (const row of rows(22_000, "x")) if (encoder.add(row)) fullGroups++;

    const file = await read(encode("legs", rows(22_000, "x")));

    expect(fullGroups).toBe(2);
    expect(await file.of("COUNT(*) AS rows, SUM(leg) AS sum, COUNT(DISTINCT call_id) AS ids")).toEqual([
      { rows: 22_000, sum: (21_999 * 22_000) / 2, ids: 22_000 },
    ]);
    const groups = await file.of("DISTINCT row_group_id, row_group_num_rows", "parquet_metadata");
    expect(groups.map((group) => group.row_group_num_rows).sort()).toEqual([10_000, 10_000, 2_000]);
  });

  test("has shorter row groups if its texts are long", () => {
    const encoder = createParquetEncoder("legs");
    const added = [...rows(30, "x".repeat(1024 * 1024))].map((row) => encoder.add(row) !== undefined);

    expect(added.filter(Boolean)).toHaveLength(3);
  });
});
