import { type Day, hourMs, spanOf } from "../core/time/days.ts";
import type { Formats } from "./formats.ts";

const quarterMs = hourMs / 4;

/** Returns a sentence for a day on which the clock was put back or forward; undefined of any other day. */
export function clockChange(day: Day, timeZone: string, { hour, count, decimal }: Formats): string | undefined {
  const minutes = minutesOfHours(day, timeZone);
  const uneven = minutes.flatMap((each, clockHour) => (each === 60 ? [] : [{ each, clockHour }]));
  if (uneven.length === 0) return undefined;
  const hours = decimal(minutes.reduce((sum, each) => sum + each, 0) / 60);
  const parts = uneven.map(({ each, clockHour }) => `${hour(clockHour)} ${lengthText(each, count)}`);
  return `The clock changed on this day, which had ${hours} hours: ${parts.join(", ")}.`;
}

function lengthText(minutes: number, count: (value: number) => string): string {
  if (minutes === 0) return "does not exist";
  return minutes === 120 ? "counts two hours" : `counts ${count(minutes)} minutes`;
}

/** Minutes of the day in each of the clock's 24 hours. */
function minutesOfHours(day: Day, timeZone: string): number[] {
  const { from, to } = spanOf(day, timeZone);
  const format = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", hourCycle: "h23" });
  const minutes = Array.from({ length: 24 }, () => 0);
  for (let ms = from.getTime(); ms < to.getTime(); ms += quarterMs) {
    const clockHour = Number(format.format(ms));
    minutes[clockHour] = (minutes[clockHour] ?? 0) + quarterMs / 60_000;
  }
  return minutes;
}
