/** A calendar date in the archive's time zone, `YYYY-MM-DD`. */
export type Day = string;

/** A half-open span of time, `[from, to)`. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** RingCentral lists calls of the last 9 to 12 months (data retention); earlier ones no longer exist there. */
export const maxLookBackDays = 400;

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** True for a date that exists, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** True for a time zone that this runtime knows (IANA name); an offset, which it takes for one, changes no clocks. */
export function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    formatter(name);
    return true;
  } catch {
    return false;
  }
}

/** The date that a clock on the wall shows in `timeZone` at `instant`. */
export function dayOf(instant: Date, timeZone: string): Day {
  return formatter(timeZone).format(instant);
}

/** The day `count` days after `day` (before, if negative). */
export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs).toISOString().slice(0, 10);
}

/** Every day from `from` to before `to`, in order. */
export function daysBetween(from: Day, to: Day): Day[] {
  const days: Day[] = [];
  for (let day = from; day < to; day = addDays(day, 1)) days.push(day);
  return days;
}

/** The instants that a day covers; 23 or 25 hours at a change of clocks. */
export function spanOf(day: Day, timeZone: string): Span {
  return { from: startOf(day, timeZone), to: startOf(addDays(day, 1), timeZone) };
}

/**
 * The first instant whose local date is `day`. Searched, not computed: some zones change clocks at midnight,
 * so that a day may begin at 01:00, and local dates never run backwards.
 */
function startOf(day: Day, timeZone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  let before = midnight - 15 * hourMs;
  let from = midnight + 15 * hourMs;
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (dayOf(new Date(middle), timeZone) >= day) from = middle;
    else before = middle;
  }
  return new Date(from);
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  let found = formatters.get(timeZone);
  if (!found) {
    // en-CA writes dates as YYYY-MM-DD.
    found = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
    formatters.set(timeZone, found);
  }
  return found;
}
