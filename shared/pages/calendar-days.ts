import { weekdayOf } from "../core/figures/periods.ts";
import { addDays, type Day, daysBetween, laterDay } from "../core/time/days.ts";
import type { CalendarChart } from "./charts/calendar-chart.ts";
import type { Formats } from "./formats.ts";
import { type ArchiveView, type DayState, dayStates } from "./report.ts";

/** Days in a row with their states, the oldest first. */
export type CalendarDays = readonly (readonly [Day, DayState])[];

/** Days of the archive up to yesterday, the oldest first. */
export function lastDays({ days, today }: ArchiveView, count: number): [Day, DayState][] {
  const [first = today] = [...days.keys()].toSorted();
  const from = laterDay(first, addDays(today, -count));
  return daysBetween(from, today).map((day) => [day, days.get(day) ?? "missing"]);
}

/** Spans of days in the same state, the newest first. */
export function stateSpans(days: CalendarDays) {
  const spans: { from: Day; last: Day; state: DayState; count: number }[] = [];
  for (const [day, state] of days.toReversed()) {
    const span = spans.at(-1);
    if (span?.state === state) Object.assign(span, { from: day, count: span.count + 1 });
    else spans.push({ from: day, last: day, state, count: 1 });
  }
  return spans;
}

export function countStates(days: CalendarDays): Readonly<Record<DayState, number>> {
  const counts = Object.fromEntries(dayStates.map((state) => [state, 0])) as Record<DayState, number>;
  for (const [, state] of days) counts[state] += 1;
  return counts;
}

/** 1 for Monday to 7 for Sunday, by the locale's region. */
function firstWeekdayOf(locale: string): number {
  const parsed: Intl.Locale & { getWeekInfo?: () => { readonly firstDay: number } } = new Intl.Locale(locale);
  return parsed.getWeekInfo?.().firstDay ?? 1;
}

/** Place of a day in its week, from 0. */
export function weekRowOf(day: Day, locale: string): number {
  return (weekdayOf(day) - firstWeekdayOf(locale) + 7) % 7;
}

/** Lays days out by weeks. `marked` is the page's own day. */
export function calendarLayout(
  days: CalendarDays,
  formats: Formats,
  marked: Day | undefined,
): Pick<CalendarChart, "cells" | "months" | "weekdays"> {
  const [[first = ""] = []] = days;
  const offset = weekRowOf(first, formats.locale);
  const placed = days.map(([day, state], index) => {
    const [week, weekday] = [Math.floor((index + offset) / 7), (index + offset) % 7];
    return { day, week, weekday, state, isMarked: day === marked };
  });
  const firsts = placed.filter(({ day }) => day.endsWith("-01"));
  return {
    cells: placed,
    months: firsts.map(({ day, week }) => ({ week, label: formats.shortMonth(day) })),
    weekdays: [0, 2, 4].map((weekday) => ({ weekday, label: formats.weekday(addDays(first, weekday - offset)) })),
  };
}
