import type { HourFigures } from "../core/figures/day-figures.ts";
import { addDays, type Day } from "../core/time/days.ts";
import { dateHtml, nameHtml } from "./html.ts";
import { middleHalf, type Range } from "./measures.ts";
import type { PageContext } from "./page-context.ts";
import type { Cell } from "./table.ts";

export type Direction = keyof HourFigures;

/** An hour of a day, or a day of a week or month. */
export interface TimePoint {
  readonly name: Cell;
  readonly text: string;
  /** Below the chart. */
  readonly label: string | undefined;
  /** Undefined: there are no figures. */
  readonly values: HourFigures | undefined;
  /** The usual range of an hour; of a week's day the value a week before, as both ends. */
  readonly range: (direction: Direction) => Range | undefined;
}

export function timePoints(context: PageContext): TimePoint[] {
  return context.report.period === "day" ? hourPoints(context) : dayPoints(context);
}

function hourPoints({ report, formats }: PageContext): TimePoint[] {
  const hours = [...report.days.values()][0]?.calls.hours ?? [];
  return hours.map((values, hour) => ({
    ...{ name: nameHtml(formats.hour(hour)), text: formats.hour(hour), values },
    label: hour % 6 === 0 ? formats.hour(hour) : undefined,
    range: (direction) => middleHalf(report.sameWeekdays.map(({ calls }) => calls.hours[hour]?.[direction] ?? 0)),
  }));
}

function dayPoints({ report, before, daysOfPeriod, formats }: PageContext): TimePoint[] {
  // Days of two months have no weekday in common, so that only weeks are compared day by day.
  const comparable = report.period === "week" && before ? report.before : undefined;
  const labelOf = (day: Day, index: number) => {
    if (report.period === "week") return formats.weekday(day);
    return index % 7 === 0 ? formats.dayOfMonth(day) : undefined;
  };
  return daysOfPeriod.map((day, index) => {
    const earlier = comparable?.get(addDays(day, -7))?.calls;
    return {
      name: dateHtml(day, formats.shortDay, formats),
      text: formats.shortDay(day),
      label: labelOf(day, index),
      values: report.days.get(day)?.calls,
      range: (direction) => earlier && { low: earlier[direction], high: earlier[direction] },
    };
  });
}
