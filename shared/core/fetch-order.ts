import { compareText } from "./compare-text.ts";
import { addDays, type Day } from "./days.ts";

/** A recording to fetch. */
export interface DueRecording {
  readonly day: Day;
  readonly id: string;
  readonly contentUri: string;
}

/** This close to RingCentral's horizon a recording is about to vanish. */
const urgentDays = 7;

/** By time left: about to vanish first, then the days that were asked for, then the newest day, then oldest first. */
export function fetchOrder(
  due: readonly DueRecording[],
  options: { readonly today: Day; readonly retentionDays: number; readonly first: readonly Day[] },
): DueRecording[] {
  const vanishing = addDays(options.today, urgentDays - options.retentionDays);
  const yesterday = addDays(options.today, -1);
  const asked = new Set(options.first);
  const rank = ({ day }: DueRecording) => (day <= vanishing ? 0 : asked.has(day) ? 1 : day >= yesterday ? 2 : 3);
  return [...due].sort((a, b) => rank(a) - rank(b) || compareText(a.day, b.day) || compareText(a.id, b.id));
}
