import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";

/** Converts the same calls and legs to Parquet with DuckDB, in one thread as in a Lambda of this size. Prints the duration in ms. */
const [file = "", dir = ""] = process.argv.slice(2);
const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
const connection = await instance.connect();
const source = `read_json_auto('${file}', format = 'newline_delimited')`;

const began = performance.now();
await connection.run(
  `COPY (SELECT * EXCLUDE (legs) FROM ${source}) TO '${join(dir, "calls.parquet")}' (FORMAT parquet)`,
);
await connection.run(
  `COPY (SELECT id, unnest(legs, recursive := true) FROM (SELECT id, legs FROM ${source})) TO '${join(dir, "legs.parquet")}' (FORMAT parquet)`,
);
process.stdout.write(String(performance.now() - began));
