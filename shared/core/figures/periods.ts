import { addDays, type Day, daysBetween } from "../time/days.ts";

export type Period = "day" | "week" | "month";

/** The days of one page: `to` is the day after the last one. */
export interface PeriodSpan {
  readonly period: Period;
  readonly from: Day;
  readonly to: Day;
}

/** Returns the first day of the week where a language is spoken: 1 for Monday to 7 for Sunday. */
export function firstWeekdayOf(locale: string): number {
  // The types of TypeScript do not have it yet.
  const { getWeekInfo } = Intl.Locale.prototype as { readonly getWeekInfo?: () => { readonly firstDay: number } };
  return getWeekInfo?.call(new Intl.Locale(locale)).firstDay ?? 1;
}

/** Returns the period that a day belongs to. `firstWeekday` is 1 for Monday to 7 for Sunday. */
export function periodOf(period: Period, day: Day, firstWeekday: number): PeriodSpan {
  if (period === "day") return { period, from: day, to: addDays(day, 1) };
  if (period === "month") {
    const from = `${day.slice(0, 7)}-01`;
    return { period, from, to: `${addDays(from, 31).slice(0, 7)}-01` };
  }
  const from = addDays(day, -((weekdayOf(day) - firstWeekday + 7) % 7));
  return { period, from, to: addDays(from, 7) };
}

/** Returns the period that another is compared with: of a day the same weekday a week before. */
export function periodBefore({ period, from, to }: PeriodSpan, firstWeekday: number): PeriodSpan {
  if (period === "month") return periodOf("month", addDays(from, -1), firstWeekday);
  return { period, from: addDays(from, -7), to: addDays(to, -7) };
}

/**
 * Returns the days that the days of a period are compared with: the same ones of the period before. A whole month is compared
 * with the whole month before, whatever their lengths; one that has not ended with nothing if the other is too short.
 */
export function comparedDays(span: PeriodSpan, days: readonly Day[], firstWeekday: number): readonly Day[] {
  const before = periodBefore(span, firstWeekday);
  if (span.period !== "month") return days.map((day) => addDays(day, -7));
  if (days.length === daysBetween(span.from, span.to).length) return daysBetween(before.from, before.to);
  const dates = new Set(days.map((day) => day.slice(-2)));
  const found = daysBetween(before.from, before.to).filter((day) => dates.has(day.slice(-2)));
  return found.length === days.length ? found : [];
}

/** 1 for Monday to 7 for Sunday. */
export function weekdayOf(day: Day): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** Name of a period's page. All pages are in one folder, so that their links work wherever it is copied. */
export function pageFile(period: Period, from: Day): string {
  if (period === "day") return `${from}.html`;
  return period === "week" ? `week-${from}.html` : `month-${from.slice(0, 7)}.html`;
}

export const indexFile = "index.html";
/** Title of a page that is not written any more, as after a change of the day on which weeks begin. */
export const withdrawnTitle = "This page is not written any more";
/** Names of all pages. */
export const pageName = /^(?:index|(?:week-)?\d{4}-\d{2}-\d{2}|month-\d{4}-\d{2})\.html$/;
