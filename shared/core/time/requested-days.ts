import * as z from "zod/mini";
import { DateField } from "../fields.ts";
import { given, showing } from "../given-value.ts";
import { addDays, type Day, dayOf, daysBetween, isDay } from "./days.ts";

/** Request fields of every job: `{ from, to }` is a span `[from, to)`, `{ days }` a list. */
export const dayFields = {
  from: z.optional(DateField),
  to: z.optional(DateField),
  days: z.optional(z.array(DateField, showing("expected a list of dates"))),
};

export interface DayRules {
  readonly now: Date;
  readonly timeZone: string;
  /** First day that a request may name, and the reason. */
  readonly earliest?: { readonly day: Day; readonly reason: string };
}

export interface RequestedDays {
  /** Errors that the schema does not find, each as `field: error`. */
  readonly errors: readonly string[];
  /** Each day once, in order. */
  readonly days: readonly Day[];
  /** True if the request names days. */
  readonly isNamed: boolean;
}

/** Returns the requested days. Checks each readable field, so that one response lists all errors. */
export function requestedDays(fields: unknown, { now, timeZone, earliest }: DayRules): RequestedDays {
  const { from, to, days } = readableDays(fields);
  const today = dayOf(now, timeZone);
  const isTooEarly = (day: Day) => earliest !== undefined && day < earliest.day;
  const errors = [
    ...(from && !to && !has(fields, "to") ? ["to: is missing; `to` is exclusive"] : []),
    ...(to && !from && !has(fields, "from") ? ["from: is missing"] : []),
    ...(from && to && from >= to ? [`to: must be after from; \`to\` is exclusive${given(to)}`] : []),
    ...(has(fields, "days") && (has(fields, "from") || has(fields, "to"))
      ? ["days: must not be combined with from and to"]
      : []),
    ...(isEmptyList(fields) ? ["days: is empty"] : []),
    ...(from && isTooEarly(from) ? [`from: ${earliest?.reason}${given(from)}`] : []),
    ...days.filter(isTooEarly).map((day) => `days: ${earliest?.reason}${given(day)}`),
    ...(from && from > today ? [`from: ${from} has not begun in ${timeZone}`] : []),
    ...(to && to > addDays(today, 1) ? [`to: the day before ${to} has not begun in ${timeZone}`] : []),
    ...days.filter((day) => day > today).map((day) => `days: ${day} has not begun in ${timeZone}`),
  ];
  const isNamed = has(fields, "days") || has(fields, "from");
  if (errors.length > 0) return { errors, days: [], isNamed };
  return { errors, days: from && to ? daysBetween(from, to) : [...new Set(days)].sort(), isNamed };
}

function readableDays(fields: unknown) {
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
