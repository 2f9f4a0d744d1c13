import { type Completeness, completeness } from "../completeness.ts";
import { addDays, type Day, dayMs, dayOf } from "../time/days.ts";
import type { CallManifest } from "./call-manifest.ts";
import { type DayTotals, dayTotals, sumOfTotals } from "./day-totals.ts";
import { type ArchiveGauges, archiveGauges, type DayStanding, dayStanding, type GaugeOptions } from "./gauges.ts";
import { quietDays } from "./quiet-days.ts";

/** What is known of one day. */
export interface DayFacts {
  readonly isClosed: boolean;
  /** Undefined if the day has no manifest yet, or a damaged one. */
  readonly totals: DayTotals | undefined;
  /** Of an open day. */
  readonly standing: DayStanding | undefined;
  readonly isDamaged: boolean;
}

/** A day that a run has begun and that has no manifest yet. */
export const begunDay: DayFacts = { isClosed: false, totals: undefined, standing: undefined, isDamaged: false };
/** A day whose manifest cannot be parsed. */
export const damagedDay: DayFacts = { ...begunDay, isDamaged: true };

/** Returns the facts of a day by its manifest. */
export function dayFacts(manifest: CallManifest, now: Date): DayFacts {
  const isClosed = manifest.status === "closed";
  const standing = isClosed ? undefined : dayStanding(manifest, now);
  return { isClosed, totals: dayTotals(manifest), standing, isDamaged: false };
}

/** How the calls and recordings of an archive stand. */
export interface ArchiveStatus extends Completeness {
  /** The date now, in the archive's time zone. */
  readonly today: Day;
  readonly totals: DayTotals;
  /** Totals of the day `completeTo`. */
  readonly completeDay: DayTotals | undefined;
  /** Days whose manifest cannot be parsed. */
  readonly damaged: readonly Day[];
  /** Days before yesterday that no run has begun. */
  readonly daysNotBegun: number;
  readonly gauges: ArchiveGauges & { readonly quietDays: number };
}

/** Computes the status from the facts of every day. */
export function archiveStatus(
  days: ReadonlyMap<Day, DayFacts>,
  { timeZone, ...options }: GaugeOptions & { readonly timeZone: string },
): ArchiveStatus {
  const all = [...days];
  const daysOf = (isClosed: boolean) => new Set(all.filter(([, day]) => day.isClosed === isClosed).map(([day]) => day));
  const complete = completeness(daysOf(true), daysOf(false));
  const today = dayOf(options.now, timeZone);
  const totals = new Map(all.flatMap(([day, facts]) => (facts.totals ? [[day, facts.totals] as const] : [])));
  const gauges = archiveGauges(
    all.flatMap(([, { standing }]) => standing ?? []),
    options,
  );
  return {
    ...complete,
    today,
    totals: sumOfTotals(totals.values()),
    completeDay: complete.completeTo === undefined ? undefined : totals.get(complete.completeTo),
    damaged: all.flatMap(([day, { isDamaged }]) => (isDamaged ? [day] : [])).sort(),
    daysNotBegun: complete.last === undefined ? 0 : daysUpTo(complete.last, addDays(today, -2)),
    gauges: { ...gauges, quietDays: quietDays(totals, addDays(today, -1)) },
  };
}

/** Number of days after `day`, up to `last`. */
function daysUpTo(day: Day, last: Day): number {
  return Math.max(0, Math.round((Date.parse(last) - Date.parse(day)) / dayMs));
}
