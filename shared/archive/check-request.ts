import * as z from "zod/mini";
import { addDays, dayOf, daysBetween, isDay } from "../core/days.ts";
import { complaintsOf } from "../core/zod-issues.ts";
import { longestLookBackDays } from "./open-days.ts";
import type { ArchiveRequest } from "./request.ts";

const Day = z.string("expected a date, YYYY-MM-DD").check(z.refine(isDay, "expected a date that exists, YYYY-MM-DD"));
const Fields = z.strictObject({
  from: z.optional(Day),
  to: z.optional(Day),
  days: z.optional(z.array(Day, "expected a list of dates")),
  relist: z.optional(z.boolean("expected true or false")),
  acceptShrunk: z.optional(z.boolean("expected true or false")),
});

/**
 * A person's request, checked whole: `{ from, to }` is a half-open span, `{ days }` a list; `relist` lists
 * closed days again, `acceptShrunk` believes a listing that lacks much.
 */
export function checkArchiveRequest(
  fields: unknown,
  options: { readonly now: Date; readonly timeZone: string },
): { readonly wrong: readonly string[]; readonly request: ArchiveRequest } {
  const parsed = Fields.safeParse(fields);
  const none: ArchiveRequest = { days: [], relist: false, acceptShrunk: false };
  const shape = parsed.success ? [] : complaintsOf(parsed.error.issues);
  const { from, to, days, relist, acceptShrunk } = readable(fields);
  const today = dayOf(options.now, options.timeZone);
  const earliest = addDays(today, -longestLookBackDays);
  const tooEarly = `RingCentral lists no calls before ${earliest}`;
  const wrong = [
    ...shape,
    ...(from && !to && !has(fields, "to") ? ["to: is missing, the first day that is not meant any more"] : []),
    ...(to && !from && !has(fields, "from") ? ["from: is missing"] : []),
    ...(from && to && from >= to ? ["to: must come after from; it is the first day that is not meant any more"] : []),
    ...(has(fields, "days") && (has(fields, "from") || has(fields, "to"))
      ? ["days: cannot be given together with from and to"]
      : []),
    ...(relist && !namesDays(fields) ? ["relist: needs days, or from and to"] : []),
    ...(acceptShrunk && !namesDays(fields) ? ["acceptShrunk: needs days, or from and to"] : []),
    ...(isEmptyList(fields) ? ["days: is empty"] : []),
    ...(from && from < earliest ? [`from: ${tooEarly}`] : []),
    ...(days.some((day) => day < earliest) ? [`days: ${tooEarly}`] : []),
    ...(from && from > today ? [`from: ${from} has not begun in ${options.timeZone}`] : []),
    ...(to && to > addDays(today, 1) ? [`to: the day before ${to} has not begun in ${options.timeZone}`] : []),
    ...days.filter((day) => day > today).map((day) => `days: ${day} has not begun in ${options.timeZone}`),
  ];
  if (wrong.length > 0) return { wrong, request: none };
  const asked = from && to ? daysBetween(from, to) : [...new Set(days)].sort();
  return { wrong, request: { days: asked, relist, acceptShrunk } };
}

/** Whatever of the fields is usable, so that one answer can name every mistake. */
function readable(fields: unknown) {
  const { from, to, days, relist, acceptShrunk } = (fields ?? {}) as Readonly<Record<string, unknown>>;
  const day = (value: unknown) => (typeof value === "string" && isDay(value) ? value : undefined);
  return {
    from: day(from),
    to: day(to),
    days: (Array.isArray(days) ? days : []).flatMap((each) => day(each) ?? []),
    relist: relist === true,
    acceptShrunk: acceptShrunk === true,
  };
}

function isEmptyList(fields: unknown): boolean {
  const { days } = (fields ?? {}) as { readonly days?: unknown };
  return Array.isArray(days) && days.length === 0;
}

function namesDays(fields: unknown): boolean {
  return has(fields, "days") || has(fields, "from");
}

function has(fields: unknown, name: string): boolean {
  return typeof fields === "object" && fields !== null && name in fields;
}
