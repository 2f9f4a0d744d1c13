import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { type Column, type TableName, tables } from "../../core/tables/table-schema.ts";

/** A row's cells by column name. */
export type Cells = Readonly<Record<string, string | number | boolean | undefined>>;

/** Encodes rows as Parquet, one row group at a time, and keeps no returned bytes. Equal rows give equal bytes. */
export interface ParquetEncoder {
  /** Adds a row. Returns the bytes of a row group when it is full. */
  readonly add: (row: Cells) => Uint8Array | undefined;
  /** Returns the bytes of the last row group and the footer. */
  readonly finish: () => Uint8Array;
}

/** A row group of usual rows has a few megabytes. A group with long texts ends early. */
const maxRowsPerGroup = 10_000;
const maxTextLength = 8 * 1024 * 1024;

/** Creates the encoder of one file, which returns bytes whenever a row group is full. */
export function createParquetEncoder(table: TableName): ParquetEncoder {
  const columns: readonly Column[] = tables[table].columns;
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({ writer: bytes, schema: schemaOf(columns), createdBy: "nightshift" });
  let group = columns.map(emptyColumn);
  let rows = 0;
  let text = 0;

  const take = () => {
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  };
  const writeGroup = () => {
    const columnData = group.map(({ name, type, cells }) => ({
      name,
      data: type === "bigint" ? cells.map((cell) => (cell === undefined ? cell : BigInt(cell))) : cells,
      // Bounds of texts help no query to skip a row group within one day.
      statistics: type !== "string",
    }));
    writer.write({ columnData, rowGroupSize: rows });
    group = columns.map(emptyColumn);
    rows = 0;
    text = 0;
  };
  return {
    add: (row) => {
      for (const { name, cells } of group) {
        const cell = row[name];
        cells.push(cell);
        if (typeof cell === "string") text += cell.length;
      }
      rows++;
      if (rows < maxRowsPerGroup && text < maxTextLength) return undefined;
      writeGroup();
      return take();
    },
    finish: () => {
      if (rows > 0) writeGroup();
      writer.finish();
      return take();
    },
  };
}

function emptyColumn({ name, type }: Column) {
  const cells: Cells[string][] = [];
  return { name, type, cells };
}

type SchemaElement = ConstructorParameters<typeof ParquetWriter>[0]["schema"][number];

const parquetTypes = {
  string: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  int: { type: "INT32" },
  bigint: { type: "INT64" },
  double: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
  timestamp: { type: "INT64", converted_type: "TIMESTAMP_MILLIS" },
} as const satisfies Record<Column["type"], Partial<SchemaElement>>;

function schemaOf(columns: readonly Column[]): SchemaElement[] {
  const leaves = columns.map(
    ({ name, type, certain }): SchemaElement => ({
      name,
      repetition_type: certain ? "REQUIRED" : "OPTIONAL",
      ...parquetTypes[type],
    }),
  );
  return [{ name: "row", num_children: leaves.length }, ...leaves];
}
