import { compareText } from "../compare-text.ts";
import { addDays, type Day } from "../time/days.ts";

/** Recordings that RingCentral deletes within this number of days are fetched first. */
const urgentDays = 7;

export interface FetchOrderOptions {
  readonly today: Day;
  readonly retentionDays: number;
  /** Days that the request names. */
  readonly requested: readonly Day[];
}

/**
 * Sorts days: those that RingCentral deletes within a week, the requested ones, the newest, then the others, oldest
 * first.
 */
export function fetchOrder<T extends { readonly day: Day }>(days: readonly T[], options: FetchOrderOptions): T[] {
  const yesterday = addDays(options.today, -1);
  const requested = new Set(options.requested);
  const rank = ({ day }: T) => (isNearDeletion(day, options) ? 0 : requested.has(day) ? 1 : day >= yesterday ? 2 : 3);
  return [...days].sort((a, b) => rank(a) - rank(b) || compareText(a.day, b.day));
}

/** True if RingCentral deletes the day's recordings within a week. */
export function isNearDeletion(
  day: Day,
  { today, retentionDays }: Pick<FetchOrderOptions, "today" | "retentionDays">,
): boolean {
  return day <= addDays(today, urgentDays - retentionDays);
}
