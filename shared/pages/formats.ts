import type { Day } from "../core/time/days.ts";
import type { PageStyle } from "./report.ts";

/** Numbers and dates as a page writes them: by the locale and time zone of its style. The words around them are English. */
export interface Formats {
  readonly locale: string;
  readonly count: (value: number) => string;
  /** "9,000", "12K", as a scale has room for. */
  readonly compact: (value: number) => string;
  /** With up to one decimal. */
  readonly decimal: (value: number) => string;
  /** "1 recording", "2 recordings". */
  readonly counted: (value: number, noun: string) => string;
  /** "1 call", "2 calls". */
  readonly calls: (value: number) => string;
  /** "84%", with a decimal where a part would read as none or as all of it; "–" of nothing. */
  readonly share: (part: number, whole: number) => string;
  /** A change of a count: "+4%", at most −99% where something is left; undefined where there was nothing. */
  readonly change: (now: number, before: number) => string | undefined;
  /** A change of a share, in percentage points: "+3". */
  readonly points: (now: number, before: number) => string;
  /** "3 min 20 s". */
  readonly seconds: (seconds: number) => string;
  /** "1,024 h 5 min", for sums. */
  readonly hours: (seconds: number) => string;
  /** "1.2 GB". */
  readonly bytes: (bytes: number) => string;
  readonly fullDay: (day: Day) => string;
  readonly shortDay: (day: Day) => string;
  readonly weekday: (day: Day) => string;
  readonly dayOfMonth: (day: Day) => string;
  readonly month: (day: Day) => string;
  readonly shortMonth: (day: Day) => string;
  /** A clock hour, 0 to 23. */
  readonly hour: (hour: number) => string;
  readonly instant: (at: Date) => string;
}

/** @returns the formats of a style. */
export function createFormats({ locale, timeZone }: PageStyle): Formats {
  return { locale, ...numberFormats(locale), ...dateFormats(locale, timeZone) };
}

function numberFormats(locale: string) {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const compact = new Intl.NumberFormat(locale, { notation: "compact" });
  const percent = new Intl.NumberFormat(locale, { style: "percent" });
  const finePercent = new Intl.NumberFormat(locale, { style: "percent", minimumFractionDigits: 1 });
  const change = new Intl.NumberFormat(locale, { style: "percent", signDisplay: "exceptZero" });
  const points = new Intl.NumberFormat(locale, { maximumFractionDigits: 0, signDisplay: "exceptZero" });
  const counted = (value: number, noun: string) =>
    `${whole.format(value)} ${Math.round(value) === 1 ? noun : `${noun}s`}`;
  const changeOf = (now: number, before: number) => (now > 0 ? Math.max(-0.99, now / before - 1) : -1);
  return {
    count: (value: number) => whole.format(value),
    compact: (value: number) => (value < 10_000 ? whole : compact).format(value),
    decimal: (value: number) => decimal.format(value),
    counted,
    calls: (value: number) => counted(value, "call"),
    share: (part: number, of: number) => (of > 0 ? sharePercent(part / of, percent, finePercent) : "–"),
    change: (now: number, before: number) => (before > 0 ? withMinus(change.format(changeOf(now, before))) : undefined),
    points: (now: number, before: number) => withMinus(points.format(100 * (now - before))),
    seconds: (seconds: number) => lengthText(Math.round(seconds), 60, ["min", "s"], whole),
    hours: (seconds: number) => lengthText(Math.round(seconds / 60), 60, ["h", "min"], whole),
    bytes: (bytes: number) => bytesText(bytes, decimal),
  };
}

/** A minus is as wide as a plus; locales write a hyphen. */
function withMinus(text: string): string {
  return text.replace("-", "−");
}

function sharePercent(share: number, percent: Intl.NumberFormat, fine: Intl.NumberFormat): string {
  const rounded = Math.round(share * 100) / 100;
  if (share <= 0 || share >= 1 || (rounded > 0 && rounded < 1)) return percent.format(share);
  return fine.format(Math.min(0.999, Math.max(0.001, share)));
}

function lengthText(length: number, perLarge: number, units: readonly [string, string], format: Intl.NumberFormat) {
  const [large, small] = [Math.floor(length / perLarge), length % perLarge];
  const parts = [large > 0 ? `${format.format(large)} ${units[0]}` : "", `${format.format(small)} ${units[1]}`];
  return parts.filter((part) => part !== "" && !(large > 0 && small === 0 && part === parts[1])).join(" ");
}

function bytesText(bytes: number, format: Intl.NumberFormat): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${format.format(bytes / 1000 ** power)} ${units[power]}`;
}

function dateFormats(locale: string, timeZone: string) {
  // A day is a date without a time, so that it is formatted in UTC.
  const ofDay = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, { timeZone: "UTC", calendar: "gregory", ...options });
    return (day: Day) => format.format(new Date(`${day}T00:00:00Z`));
  };
  const instant = new Intl.DateTimeFormat(locale, {
    ...{ timeZone, calendar: "gregory", day: "numeric", month: "short", year: "numeric" },
    ...{ hour: "numeric", minute: "2-digit", timeZoneName: "short" },
  });
  return {
    fullDay: ofDay({ weekday: "long", day: "numeric", month: "long", year: "numeric" }),
    shortDay: ofDay({ weekday: "short", day: "numeric", month: "short" }),
    weekday: ofDay({ weekday: "short" }),
    dayOfMonth: ofDay({ day: "numeric" }),
    month: ofDay({ month: "long", year: "numeric" }),
    shortMonth: ofDay({ month: "short" }),
    hour: hourFormat(locale),
    instant: (at: Date) => instant.format(at),
  };
}

/** "10 AM", "10 Uhr"; "10:00" in locales that write a bare number, which would not read as a time. */
function hourFormat(locale: string): Formats["hour"] {
  const short = new Intl.DateTimeFormat(locale, { timeZone: "UTC", hour: "numeric" });
  const long = new Intl.DateTimeFormat(locale, { timeZone: "UTC", hour: "2-digit", minute: "2-digit" });
  const at = (hour: number) => Date.UTC(2000, 0, 1, hour);
  const format = /^\p{Nd}+$/u.test(short.format(at(10))) ? long : short;
  return (hour) => format.format(at(hour));
}
