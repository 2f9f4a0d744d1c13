import type { Bucket } from "../../aws/bucket.ts";
import { analyticsColumns, createAnalyticsCount } from "../../core/figures/count-analytics.ts";
import { callColumns, createCallCount } from "../../core/figures/count-calls.ts";
import { createRecordingCount, recordingColumns } from "../../core/figures/count-recordings.ts";
import type { DayFigures, ShownGroup } from "../../core/figures/day-figures.ts";
import type { Row, TableName } from "../../core/tables/table-schema.ts";
import type { Day } from "../../core/time/days.ts";
import type { BuiltDay } from "../../storage/build-index.ts";
import { readRows } from "./read-table.ts";

/**
 * Counts what the tables of a day have. `collected` are the groups of its analytics that were collected, perhaps without rows.
 * @throws STORAGE_INVALID, STORAGE_FAILED, TEMPORARY_STORAGE_FAILED
 */
export async function countDay(
  derived: Pick<Bucket, "open">,
  day: Day,
  { tables }: BuiltDay,
  collected: readonly ShownGroup[],
): Promise<DayFigures> {
  const calls = createCallCount();
  const recordings = createRecordingCount();
  const analytics = createAnalyticsCount(collected);
  async function* rowsOf<T extends TableName, Name extends keyof Row<T> & string>(
    table: T,
    columns: readonly Name[],
    onlyWithout?: Name,
  ) {
    const written = tables.get(table);
    if (written) yield* readRows(derived, { table, day, written, columns, ...(onlyWithout && { onlyWithout }) });
  }
  for await (const row of rowsOf("calls", callColumns)) calls.add(row);
  for await (const row of rowsOf("recordings", recordingColumns)) recordings.add(row);
  // The values of hours are many times more, and no page shows them.
  for await (const row of rowsOf("analytics", analyticsColumns, "hour_start")) analytics.add(row);
  return { day, calls: calls.figures(), recordings: recordings.figures(), analytics: analytics.figures() };
}
