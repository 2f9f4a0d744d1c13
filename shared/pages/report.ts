import type { AnalyticsFigures, DayDigest } from "../core/figures/day-figures.ts";
import type { Period } from "../core/figures/periods.ts";
import type { Day } from "../core/time/days.ts";

/** How people appear. Departments do not appear without people, either: their size is not known. */
export type PeopleMode = "names" | "extensions" | "none";

/** How a page is written. */
export interface PageStyle {
  /** BCP 47. */
  readonly locale: string;
  /** IANA. */
  readonly timeZone: string;
  readonly people: PeopleMode;
}

/** How the archive has a day, the best first. `open`: it is not complete yet. `missing`: no run has begun it. */
export const dayStates = ["complete", "open", "incomplete", "missing"] as const;
/** `incomplete`: recordings are lost, the listing is unstable or the manifest is damaged. */
export type DayState = (typeof dayStates)[number];

/** One thing to do. */
export interface Attention {
  /** Chapter of docs/operations.md. */
  readonly chapter: string;
  /** What has happened and what to do first, in sentences. Code in them is marked: see `partsOf`. */
  readonly act: string;
  /** Command that shows more. */
  readonly command: string;
}

/** How the archive stood when a page was built. */
export interface ArchiveView {
  /** The sentence of `nightshift status`. */
  readonly sentence: string;
  readonly at: Date;
  /** Today's date in the archive's time zone. */
  readonly today: Day;
  readonly attention: readonly Attention[];
  /** What the last verification found; undefined before the first one. */
  readonly verification: { readonly at: Date | undefined; readonly findings: number } | undefined;
  /** Every day from the first one that the archive has to yesterday. */
  readonly days: ReadonlyMap<Day, DayState>;
  /** Days whose manifest is damaged: nobody knows whether their call log was listed. */
  readonly damaged: ReadonlySet<Day>;
}

/** Another page of the same folder. */
export interface PageLink {
  readonly file: string;
  readonly period: Period;
  /** Its first day. */
  readonly from: Day;
}

/** What a page of a day, week or month shows. */
export interface Report {
  readonly period: Period;
  readonly from: Day;
  /** The day after the last one. */
  readonly to: Day;
  /** The days of the period that have tables. */
  readonly days: ReadonlyMap<Day, DayDigest>;
  /** The analytics of the period; of a week or month the sums of `days`. Without a group: it was not collected. */
  readonly analytics: AnalyticsFigures;
  /** Days of the period whose analytics are in `analytics`; the least of all its groups. */
  readonly analyticsDays: number;
  /** The same days of the period before, to compare with: of a day the same weekday. Undefined if one of them is missing. */
  readonly before: ReadonlyMap<Day, DayDigest> | undefined;
  /** The same weekday of up to eight weeks before, the newest first. Only of a day. */
  readonly sameWeekdays: readonly DayDigest[];
  readonly previous: PageLink | undefined;
  readonly next: PageLink | undefined;
  /** Pages of the periods that this one belongs to, or that belong to it. */
  readonly related: readonly PageLink[];
}

/** What the index shows: how the archive stands, and every page there is, each list with the newest first. */
export interface ReportIndex {
  readonly days: readonly (PageLink & { readonly digest: DayDigest })[];
  readonly weeks: readonly PageLink[];
  readonly months: readonly PageLink[];
}
