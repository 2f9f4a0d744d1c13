import { compareText } from "../compare-text.ts";
import { addDays, type Day } from "../time/days.ts";

/** This close to RingCentral's horizon a recording is about to vanish. */
const urgentDays = 7;

export interface FetchOrderOptions {
  readonly today: Day;
  readonly retentionDays: number;
  /** The days that were asked for. */
  readonly requested: readonly Day[];
}

/** Days by time left for their recordings: about to vanish first, then those that were asked for, then the newest, then oldest first. */
export function fetchOrder<T extends { readonly day: Day }>(days: readonly T[], options: FetchOrderOptions): T[] {
  const yesterday = addDays(options.today, -1);
  const asked = new Set(options.requested);
  const rank = ({ day }: T) => (isAboutToVanish(day, options) ? 0 : asked.has(day) ? 1 : day >= yesterday ? 2 : 3);
  return [...days].sort((a, b) => rank(a) - rank(b) || compareText(a.day, b.day));
}

/** True for a day whose recordings RingCentral deletes within a week. */
export function isAboutToVanish(
  day: Day,
  { today, retentionDays }: Pick<FetchOrderOptions, "today" | "retentionDays">,
): boolean {
  return day <= addDays(today, urgentDays - retentionDays);
}
