/** A calendar date in the archive's time zone, `YYYY-MM-DD`. */
export type Day = string;

/** A half-open span of time, `[from, to)`. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** RingCentral keeps the call log for 9 to 12 months; earlier calls no longer exist there. */
export const maxLookBackDays = 400;

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** True for a calendar date that exists, as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/**
 * True for an IANA time zone that this runtime knows. Offsets such as `+02:00` are false: they have no clock changes.
 */
export function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    formatter(name);
    return true;
  } catch {
    return false;
  }
}

/** Local date of `instant` in `timeZone`. */
export function dayOf(instant: Date, timeZone: string): Day {
  return formatter(timeZone).format(instant);
}

export function addDays(day: Day, count: number): Day {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * dayMs).toISOString().slice(0, 10);
}

/** Returns the later of two days. */
export function laterDay(day: Day, other: Day): Day {
  return day < other ? other : day;
}

/** Every day of `[from, to)`, in order. */
export function daysBetween(from: Day, to: Day): Day[] {
  const days: Day[] = [];
  for (let day = from; day < to; day = addDays(day, 1)) days.push(day);
  return days;
}

/** The span of a day; 23 or 25 hours at a clock change. */
export function spanOf(day: Day, timeZone: string): Span {
  return { from: startOf(day, timeZone), to: startOf(addDays(day, 1), timeZone) };
}

const startsMs = new Map<string, number>();

/** A day's start is searched once: the search formats 27 dates. */
function startOf(day: Day, timeZone: string): Date {
  const key = `${timeZone} ${day}`;
  const startMs = startsMs.get(key) ?? searchStart(day, timeZone);
  startsMs.set(key, startMs);
  return new Date(startMs);
}

/**
 * The first instant whose local date is `day`. A search, because some zones change clocks at midnight and a day may
 * begin at 01:00. Local dates never run backwards.
 */
function searchStart(day: Day, timeZone: string): number {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  let earlierMs = midnight - 15 * hourMs;
  let startMs = midnight + 15 * hourMs;
  while (startMs - earlierMs > 1) {
    const middleMs = Math.floor((earlierMs + startMs) / 2);
    if (dayOf(new Date(middleMs), timeZone) >= day) startMs = middleMs;
    else earlierMs = middleMs;
  }
  return startMs;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  let format = formatters.get(timeZone);
  if (!format) {
    // en-CA writes dates as YYYY-MM-DD.
    format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
    formatters.set(timeZone, format);
  }
  return format;
}
