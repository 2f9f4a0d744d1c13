import type { Day } from "./days.ts";

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Returns the day as people write it: `26 Nov`, with the year if it is not that of `today`. */
export function shortDay(day: Day, today: Day): string {
  const [year = "", month, date] = day.split("-");
  const short = `${Number(date)} ${months[Number(month) - 1]}`;
  return today.startsWith(`${year}-`) ? short : `${short} ${year}`;
}
