import { counted } from "../counted.ts";

const [minutesPerHour, hoursPerDay] = [60, 24];

/** Returns a length of time as people say it, rounded up: "1 minute", "48 minutes", "3 hours 10 minutes", "2 days 4 hours". */
export function durationText(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / 60_000));
  if (minutes < minutesPerHour) return counted(minutes, "minute");
  const days = Math.floor(minutes / minutesPerHour / hoursPerDay);
  // Whole hours once there are days, rounded up, too.
  if (days > 0) return pair(Math.ceil(minutes / minutesPerHour), hoursPerDay, ["day", "hour"]);
  return pair(minutes, minutesPerHour, ["hour", "minute"]);
}

function pair(count: number, perLarge: number, [large, small]: readonly [string, string]): string {
  const rest = count % perLarge;
  const whole = counted(Math.floor(count / perLarge), large);
  return rest === 0 ? whole : `${whole} ${counted(rest, small)}`;
}
