import { counted } from "../counted.ts";
import { shortDay } from "../time/short-day.ts";
import type { ArchiveStatus } from "./archive-status.ts";

/** A day closes two nights after it ends; a changed listing or a recording that fails once takes a night longer. */
const usualOpenAtEnd = 3;

/**
 * Returns how the archive stands in one sentence: "Complete to 26 Nov; 2 recordings pending; nothing to do."
 * @param toDo chapters of docs/operations.md that say what to do
 */
export function statusSentence(status: ArchiveStatus, toDo: readonly string[]): string {
  const clauses = [
    completeClause(status),
    ...gapClauses(status),
    ...recordingClauses(status),
    ...dayClauses(status),
    toDo.length === 0 ? "nothing to do" : `see ${toDo.join(", ")} in docs/operations.md`,
  ];
  return `${clauses.join("; ")}.`;
}

function completeClause({ completeTo, today }: ArchiveStatus): string {
  return completeTo === undefined ? "No day is complete yet" : `Complete to ${shortDay(completeTo, today)}`;
}

/** Open days that are not simply the newest ones. */
function gapClauses({ gaps, openAtEnd, daysNotBegun, last, today }: ArchiveStatus): string[] {
  const [first] = gaps;
  const lastGap = gaps.at(-1);
  return [
    ...(first !== undefined && first === lastGap ? [`${shortDay(first, today)} is open`] : []),
    ...(first !== undefined && lastGap !== undefined && first !== lastGap
      ? [`${gaps.length} days between ${shortDay(first, today)} and ${shortDay(lastGap, today)} are open`]
      : []),
    ...(openAtEnd > usualOpenAtEnd ? [`the last ${openAtEnd} days are open`] : []),
    ...(daysNotBegun > 0 && last !== undefined ? [`no run has begun a day after ${shortDay(last, today)}`] : []),
  ];
}

/** Every state but stored, the worst first; only the first number needs its noun. */
function recordingClauses({ totals }: ArchiveStatus): string[] {
  const { lost, pending, refused, notFound, alreadyDeleted } = totals;
  const states = Object.entries({ lost, pending, refused, "not found": notFound, "already deleted": alreadyDeleted });
  const parts = states
    .filter(([, count]) => count > 0)
    .map(([state, count], index) => `${index === 0 ? counted(count, "recording") : count} ${state}`);
  return parts.length > 0 ? [parts.join(", ")] : [];
}

function dayClauses({ totals, gauges, damaged }: ArchiveStatus): string[] {
  return [
    ...(gauges.listingsShrunk > 0 ? [`${counted(gauges.listingsShrunk, "listing")} shrank`] : []),
    ...(totals.unstable > 0 ? [`${counted(totals.unstable, "day")} unstable`] : []),
    ...(damaged.length > 0 ? [`${counted(damaged.length, "manifest")} damaged`] : []),
  ];
}
