import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { type Column, type TableName, tables } from "../../core/tables/table-schema.ts";

/** What stands in a row, by column. */
export type Cells = Readonly<Record<string, string | number | boolean | undefined>>;

/** Rows as Parquet, a row group at a time; what has been told is held no longer, and the same rows make the same bytes. */
export interface ParquetEncoder {
  /** Tells the bytes of a row group once it is full. */
  readonly add: (row: Cells) => Uint8Array | undefined;
  /** Tells the bytes of what is left, and the footer. */
  readonly finish: () => Uint8Array;
}

/** A group of usual rows takes a few megabytes; one of rows with long texts is ended early. */
const maxRowsPerGroup = 10_000;
const maxTextLength = 8 * 1024 * 1024;

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
      // Bounds of ids and names let nobody skip a group of one day's calls.
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

/** What a row group has of a column so far. */
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
