import { type TableName, tables } from "../../core/tables/table-schema.ts";
import { forceGc } from "../../storage/forced-gc.ts";
import { processMemory } from "../../storage/process-memory.ts";
import { maxTextInMemoryBytes, type Spooled, spool } from "../../storage/spool.ts";
import { type Cells, createParquetEncoder } from "./parquet.ts";

/** A table's file of one day while it is made: rows go in one after the other, their bytes wait in memory or in /tmp. */
export interface TableFile {
  /** @throws JobError TEMPORARY_STORAGE_FAILED where /tmp has no room */
  readonly add: (row: Cells) => Promise<void>;
  readonly finish: () => Promise<Spooled>;
  /** Lets go of the bytes, whether it was finished or not. */
  readonly discard: () => Promise<void>;
}

/** Cells of all tables between two collections: V8 by itself would let those of groups long written pile up (measured by `npm run bench`). */
const gcIntervalCells = 300_000;

export function openTableFile(table: TableName): TableFile {
  const encoder = createParquetEncoder(table);
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const body = spool(readable, { maxInMemoryBytes: maxTextInMemoryBytes });
  // Told by the next write, or by `finish`.
  body.catch(() => undefined);

  const write = async (bytes: Uint8Array) => {
    try {
      await writer.write(bytes);
    } catch (error) {
      // The stream says only that its reader has gone; why, the reader says.
      await body;
      throw error;
    }
  };
  return {
    add: async (row) => {
      const bytes = encoder.add(row);
      if (bytes) await write(bytes);
      processMemory.writtenCells += tables[table].columns.length;
      if (processMemory.writtenCells < gcIntervalCells) return;
      processMemory.writtenCells = 0;
      forceGc();
    },
    finish: async () => {
      await write(encoder.finish());
      await writer.close();
      return body;
    },
    discard: async () => {
      await writer.abort().catch(() => undefined);
      await body.then(
        (spooled) => spooled.discard(),
        () => undefined,
      );
    },
  };
}
