export const intervals = ["Hour", "Day", "Week", "Month"] as const;

export type Interval = (typeof intervals)[number];

/** Local time of one zone. */
export interface ZoneClock {
  /** Wall-clock time, written as if it were UTC. */
  readonly wallMs: (instantMs: number) => number;
  /** Starts of every interval that the span touches, both ends included. */
  readonly startsBetween: (fromMs: number, toMs: number, interval: Interval) => readonly number[];
}

/** In every current zone, clocks change and hours begin only at quarters of an hour of UTC. */
const quarterMs = 15 * 60 * 1000;
const hourMs = 4 * quarterMs;
const dayMs = 24 * hourMs;
const quartersADay = dayMs / quarterMs;

/** Throws a RangeError for an invalid zone. */
export function createZoneClock(timeZone: string): ZoneClock {
  const format = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
  const offsets = new Map<number, number>();
  const lookUp = (quarter: number): number => {
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    const offset = parseOffset(format.format(quarter * quarterMs));
    offsets.set(quarter, offset);
    return offset;
  };
  /** Cached, because Intl is slow and no zone changes its clocks twice a day. */
  const offsetMs = (quarter: number): number => {
    const midnight = Math.floor(quarter / quartersADay) * quartersADay;
    const offset = lookUp(midnight);
    return offset === lookUp(midnight + quartersADay) ? offset : lookUp(quarter);
  };
  const wallMs = (instantMs: number) => instantMs + offsetMs(Math.floor(instantMs / quarterMs));
  const begins = (quarter: number, interval: Interval): boolean => {
    const [before, now] = [quarter - 1, quarter].map((each) => label(wallMs(each * quarterMs), interval));
    return before !== now || (interval === "Hour" && offsetMs(quarter - 1) !== offsetMs(quarter));
  };
  return {
    wallMs,
    startsBetween: (fromMs, toMs, interval) => {
      let quarter = Math.floor(fromMs / quarterMs);
      while (!begins(quarter, interval)) quarter -= 1;
      const starts = [quarter * quarterMs];
      for (quarter += 1; quarter * quarterMs <= toMs; quarter += 1) {
        if (begins(quarter, interval)) starts.push(quarter * quarterMs);
      }
      return starts;
    },
  };
}

/** Two local times with the same label are in the same interval. */
function label(wallMs: number, interval: Interval): number {
  const day = Math.floor(wallMs / dayMs);
  switch (interval) {
    case "Hour":
      return Math.floor(wallMs / hourMs);
    case "Day":
      return day;
    case "Week":
      return Math.floor((day + 4) / 7); // Guess: weeks begin on Sunday; 1970 began on a Thursday.
    case "Month":
      return new Date(wallMs).getUTCFullYear() * 12 + new Date(wallMs).getUTCMonth();
  }
}

function parseOffset(text: string): number {
  const [, sign, hours = "0", minutes = "0"] = /GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(text) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
