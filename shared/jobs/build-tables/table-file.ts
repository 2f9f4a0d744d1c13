import type { TableName } from "../../core/tables/table-schema.ts";
import { maxTextInMemoryBytes, type Spooled, spool } from "../../storage/spool.ts";
import { type Cells, createParquetEncoder } from "./parquet.ts";

/** A table's file of one day while it is built. Its bytes are spooled. */
export interface TableFile {
  /** Adds a row. @throws TEMPORARY_STORAGE_FAILED when /tmp is full */
  readonly add: (row: Cells) => Promise<void>;
  readonly finish: () => Promise<Spooled>;
  /** Frees the bytes, whether or not the file was finished. */
  readonly discard: () => Promise<void>;
}

/** Opens a Parquet file, held in memory while small and in /tmp beyond that. */
export function openTableFile(table: TableName): TableFile {
  const encoder = createParquetEncoder(table);
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const body = spool(readable, { maxInMemoryBytes: maxTextInMemoryBytes });
  // The error is thrown by the next write, or by `finish`.
  body.catch(() => undefined);

  const write = async (bytes: Uint8Array) => {
    try {
      await writer.write(bytes);
    } catch (error) {
      // The stream's error only says that its reader ended. The reader's error has the reason.
      await body;
      throw error;
    }
  };
  return {
    add: async (row) => {
      const bytes = encoder.add(row);
      if (bytes) await write(bytes);
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
