import type { DayDigest } from "../core/figures/day-figures.ts";
import { type Day, daysBetween } from "../core/time/days.ts";
import { createFormats, type Formats } from "./formats.ts";
import { sumOfDays } from "./measures.ts";
import type { ArchiveView, PageStyle, Report } from "./report.ts";

/** What the sections of a report's page share. */
export interface PageContext {
  readonly report: Report;
  readonly archive: ArchiveView;
  readonly style: PageStyle;
  readonly formats: Formats;
  readonly daysOfPeriod: readonly Day[];
  /** Sums of the period; undefined without any day. */
  readonly total: DayDigest | undefined;
  /** Sums of the same days of the period before. */
  readonly before: DayDigest | undefined;
  /** True if a week or month lacks days, as one that has not ended. */
  readonly isPart: boolean;
}

export function createPageContext(report: Report, archive: ArchiveView, style: PageStyle): PageContext {
  const daysOfPeriod = daysBetween(report.from, report.to);
  return {
    ...{ report, archive, style, daysOfPeriod },
    formats: createFormats(style),
    total: sumOfDays([...report.days.values()]),
    before: report.before && sumOfDays([...report.before.values()]),
    isPart: report.days.size < daysOfPeriod.length,
  };
}
