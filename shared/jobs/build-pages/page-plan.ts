import { hash } from "node:crypto";
import {
  firstWeekdayOf,
  indexFile,
  type Period,
  type PeriodSpan,
  pageFile,
  periodBefore,
  periodOf,
} from "../../core/figures/periods.ts";
import { addDays, type Day, daysBetween } from "../../core/time/days.ts";
import type { ArchiveView, PageLink, PageStyle } from "../../pages/report.ts";
import { countedDays } from "./counted-days.ts";
import type { IndexedDay } from "./pages-index.ts";

/** Raise it with every change of the pages; all are then written again. */
export const pagesForm = 3;
const periods: readonly Period[] = ["day", "week", "month"];
/** The usual range of a weekday is that of these weeks. */
const usualWeeks = 8;

/** A page of a period, and the version of all that it shows. */
export interface PlannedPage extends PageLink {
  readonly to: Day;
  readonly version: string;
  readonly previous: PageLink | undefined;
  readonly next: PageLink | undefined;
  readonly related: readonly PageLink[];
}

/** Every page that there should be, by file, the newest first; `index` is the version of the index. */
export interface PagePlan {
  readonly pages: ReadonlyMap<string, PlannedPage>;
  readonly index: string;
}

/**
 * Plans a page for each day that has figures, and for each week and month with such a day. Only the pages of the newest day
 * change with the status: older ones keep that of their time.
 */
export function planPages(days: ReadonlyMap<Day, IndexedDay>, style: PageStyle, archive: ArchiveView): PagePlan {
  const firstWeekday = firstWeekdayOf(style.locale);
  const newest = [...days.keys()].sort().at(-1) ?? "";
  const counted = countedDays(days, archive);
  const common = [pagesForm, style.locale, style.timeZone, style.people];
  const { sentence, attention, verification, days: states } = archive;
  const verified = verification ? [String(verification.at?.toISOString()), verification.findings] : [];
  const status = [sentence, ...attention.map(({ act }) => act), ...verified, ...[...states].flat()];
  const spans = new Map(periods.map((period) => [period, spansOf(period, days.keys(), firstWeekday)]));
  const pages = [...spans.values()].flatMap((all) =>
    all.map((span, place): PlannedPage => {
      const links = {
        previous: linkOf(all[place + 1]),
        next: linkOf(all[place - 1]),
        related: relatedTo(span, spans),
      };
      const shown = daysShown(span, firstWeekday).map((day) => {
        return `${days.get(day)?.figures.sha256 ?? "none"}${counted.has(day) ? "" : " not counted"}`;
      });
      const isNewest = span.from <= newest && newest < span.to;
      // A page of an open day says so, and must not say it any more once the day is closed.
      const isOpen = span.period === "day" && states.get(span.from) === "open" ? "open" : "";
      const version = versionOf([...common, JSON.stringify(links), ...shown, isOpen, ...(isNewest ? status : [])]);
      return { file: pageFile(span.period, span.from), ...span, version, ...links };
    }),
  );
  const index = versionOf([...common, ...pages.map(({ version }) => version), ...status]);
  return { pages: new Map(pages.map((page) => [page.file, page])), index };
}

/**
 * Returns the versions of all pages, and of the index, by file. A page that is there and is not planned any more, as after a
 * change of the setting by which weeks begin, is withdrawn: its old contents must not stay.
 */
export function versionsOf({ pages, index }: PagePlan, existing: Iterable<string>): ReadonlyMap<string, string> {
  const planned = [...pages].map(([file, { version }]) => [file, version] as const);
  const others = [...existing].filter((file) => file !== indexFile && !pages.has(file));
  return new Map([...planned, ...others.map((file) => [file, `withdrawn ${pagesForm}`] as const), [indexFile, index]]);
}

/** Returns the days before with the same weekday, the newest first. */
export function sameWeekdaysBefore(day: Day): readonly Day[] {
  return Array.from({ length: usualWeeks }, (_, week) => addDays(day, -7 * (week + 1)));
}

function spansOf(period: Period, days: Iterable<Day>, firstWeekday: number): PeriodSpan[] {
  const spans = new Map([...days].map((day) => periodOf(period, day, firstWeekday)).map((span) => [span.from, span]));
  return [...spans.values()].sort((a, b) => (a.from < b.from ? 1 : -1));
}

function linkOf(span: PeriodSpan | undefined): PageLink | undefined {
  return span && { file: pageFile(span.period, span.from), period: span.period, from: span.from };
}

const otherPeriods = { day: ["week", "month"], week: ["month", "day"], month: ["week", "day"] } as const;

/** The week and month of a day, the months and days of a week, the weeks and days of a month: those that have a page. */
function relatedTo({ period, from, to }: PeriodSpan, spans: ReadonlyMap<Period, readonly PeriodSpan[]>) {
  const others = otherPeriods[period].flatMap((other) => spans.get(other) ?? []);
  return others.filter((other) => other.from < to && from < other.to).flatMap((other) => linkOf(other) ?? []);
}

function daysShown(span: PeriodSpan, firstWeekday: number): readonly Day[] {
  const before = periodBefore(span, firstWeekday);
  const weekdays = span.period === "day" ? sameWeekdaysBefore(span.from) : [];
  return [...daysBetween(span.from, span.to), ...daysBetween(before.from, before.to), ...weekdays];
}

function versionOf(parts: readonly (string | number)[]): string {
  return hash("sha256", JSON.stringify(parts), "base64url").slice(0, 22);
}
