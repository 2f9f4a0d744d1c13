import * as z from "zod/mini";
import { given, showing } from "../given-value.ts";
import { addDays, type Day, dayOf, daysBetween, isDay } from "./days.ts";

const DayField = z
  .string(showing("expected a date, YYYY-MM-DD"))
  .check(z.refine(isDay, showing("expected a date that exists, YYYY-MM-DD")));

/** How a person names days, for any job: `{ from, to }` is a half-open span, `{ days }` a list. */
export const dayFields = {
  from: z.optional(DayField),
  to: z.optional(DayField),
  days: z.optional(z.array(DayField, showing("expected a list of dates"))),
};

export interface DayRules {
  readonly now: Date;
  readonly timeZone: string;
  /** The first day that can be asked for, and why none before it; absent: any can. */
  readonly earliest?: { readonly day: Day; readonly why: string };
}

export interface AskedDays {
  /** What is wrong with days that are written as they should be: `field: what is wrong`, each by itself. */
  readonly errors: readonly string[];
  /** Each once, in order. */
  readonly days: readonly Day[];
  /** Whether the request names any days at all. */
  readonly isNamed: boolean;
}

/** The days that a request asks for; whatever of its fields is usable is looked at, so that one answer can name every mistake. */
export function askedDays(fields: unknown, { now, timeZone, earliest }: DayRules): AskedDays {
  const { from, to, days } = readable(fields);
  const today = dayOf(now, timeZone);
  const isTooEarly = (day: Day) => earliest !== undefined && day < earliest.day;
  const errors = [
    ...(from && !to && !has(fields, "to") ? ["to: is missing, the first day that is not meant any more"] : []),
    ...(to && !from && !has(fields, "from") ? ["from: is missing"] : []),
    ...(from && to && from >= to
      ? [`to: must come after from; it is the first day that is not meant any more${given(to)}`]
      : []),
    ...(has(fields, "days") && (has(fields, "from") || has(fields, "to"))
      ? ["days: cannot be given together with from and to"]
      : []),
    ...(isEmptyList(fields) ? ["days: is empty"] : []),
    ...(from && isTooEarly(from) ? [`from: ${earliest?.why}${given(from)}`] : []),
    ...days.filter(isTooEarly).map((day) => `days: ${earliest?.why}${given(day)}`),
    ...(from && from > today ? [`from: ${from} has not begun in ${timeZone}`] : []),
    ...(to && to > addDays(today, 1) ? [`to: the day before ${to} has not begun in ${timeZone}`] : []),
    ...days.filter((day) => day > today).map((day) => `days: ${day} has not begun in ${timeZone}`),
  ];
  const isNamed = has(fields, "days") || has(fields, "from");
  if (errors.length > 0) return { errors, days: [], isNamed };
  return { errors, days: from && to ? daysBetween(from, to) : [...new Set(days)].sort(), isNamed };
}

function readable(fields: unknown) {
  const { from, to, days } = (fields ?? {}) as Readonly<Record<string, unknown>>;
  const day = (value: unknown) => (typeof value === "string" && isDay(value) ? value : undefined);
  return {
    from: day(from),
    to: day(to),
    days: (Array.isArray(days) ? days : []).flatMap((each) => day(each) ?? []),
  };
}

function isEmptyList(fields: unknown): boolean {
  const { days } = (fields ?? {}) as { readonly days?: unknown };
  return Array.isArray(days) && days.length === 0;
}

function has(fields: unknown, name: string): boolean {
  return typeof fields === "object" && fields !== null && name in fields;
}
