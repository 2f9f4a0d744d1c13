import type { DayDigest } from "../../core/figures/day-figures.ts";
import type { Day } from "../../core/time/days.ts";
import type { ArchiveView } from "../../pages/report.ts";
import type { IndexedDay } from "./pages-index.ts";

/**
 * Returns the numbers of the days whose call log is known: those that have calls, and closed ones that have none. A day whose
 * call log was not listed yet has no calls either, but is no day without calls. A damaged manifest closes no day.
 */
export function countedDays(days: ReadonlyMap<Day, IndexedDay>, archive: ArchiveView): ReadonlyMap<Day, DayDigest> {
  const isClosed = (day: Day) =>
    ["complete", "incomplete"].includes(archive.days.get(day) ?? "missing") && !archive.damaged.has(day);
  return new Map(
    [...days].flatMap(([day, { hasCalls, digest }]) => (hasCalls || isClosed(day) ? [[day, digest] as const] : [])),
  );
}
