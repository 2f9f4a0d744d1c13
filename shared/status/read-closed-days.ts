import type { Bucket } from "../aws/bucket.ts";
import { DayIndex } from "../core/day-index.ts";
import { aggregateKeys } from "../core/object-keys.ts";
import type { Day } from "../core/time/days.ts";
import { parseStored } from "../storage/stored-json.ts";

/** Returns the days of an account's calls that are closed by the index of days. @throws STORAGE_FAILED */
export async function readClosedDays(state: Pick<Bucket, "get">, account: string): Promise<ReadonlySet<Day>> {
  const index = parseStored(DayIndex, await state.get(aggregateKeys.calls.dayIndex(account)));
  const days = index?.account === account ? Object.entries(index.days) : [];
  return new Set(days.flatMap(([day, { status }]) => (status === "closed" ? [day] : [])));
}
