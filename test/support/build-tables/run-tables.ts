import { buildTables } from "../../../shared/jobs/build-tables/build-tables.ts";
import { type Buckets, type RunOptions, runOverBuckets, type StorageRun } from "../runtime/run-over-buckets.ts";

export interface TablesRun extends Omit<StorageRun, "lines"> {
  /** Messages of the log. */
  readonly logged: readonly string[];
  /** `day table` of each line `table damaged`. */
  readonly damaged: readonly string[];
}

/** Runs the deployed job over these buckets to its end. */
export async function runTables(buckets: Buckets, options?: RunOptions): Promise<TablesRun> {
  const { lines, ...run } = await runOverBuckets(buildTables, buckets, options);
  return {
    ...run,
    logged: lines.map(({ message }) => message),
    damaged: lines
      .filter(({ message }) => message === "table damaged")
      .map(({ facts }) => `${facts.day} ${facts.table}`),
  };
}
