/** A calendar date in the account's zone and the instants it lasts: `[fromMs, toMs)`. */
export interface CalendarDay {
  readonly date: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Calendar {
  readonly dateOf: (instantMs: number) => string;
  readonly day: (date: string) => CalendarDay;
  /** Every date touched by the span, both ends included, oldest first. */
  readonly datesBetween: (fromMs: number, toMs: number) => readonly string[];
}

const dayMs = 24 * 60 * 60 * 1000;

export function dateAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

export function createCalendar(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  const dateOf = (instantMs: number) => format.format(instantMs);
  const starts = new Map<string, number>();

  const startOf = (date: string): number => {
    const known = starts.get(date);
    if (known !== undefined) return known;
    const start = firstInstantOf(date, dateOf);
    starts.set(date, start);
    return start;
  };

  return {
    dateOf,
    day: (date) => ({ date, fromMs: startOf(date), toMs: startOf(dateAfter(date, 1)) }),
    datesBetween: (fromMs, toMs) => {
      const last = dateOf(toMs);
      const dates: string[] = [];
      for (let date = dateOf(fromMs); date <= last; date = dateAfter(date, 1)) dates.push(date);
      return dates;
    },
  };
}

/** Halves the 30 hours in which a day can begin anywhere on earth, until one millisecond is left. */
function firstInstantOf(date: string, dateOf: (instantMs: number) => string): number {
  const utcMidnight = Date.parse(`${date}T00:00:00Z`);
  let before = utcMidnight - 15 * 60 * 60 * 1000;
  let inside = utcMidnight + 15 * 60 * 60 * 1000;
  while (inside - before > 1) {
    const middle = Math.floor((before + inside) / 2);
    if (dateOf(middle) < date) before = middle;
    else inside = middle;
  }
  return inside;
}
