import { addDays, dayOf, spanOf } from "./days.ts";
import { wallClock } from "./wall-clock.ts";

const daily = /^cron\((\d{1,2}) (\d{1,2}) \* \* \? \*\)$/;
const minuteMs = 60_000;
/** A local time that a clock change skips is due again a day later. */
const lookAheadDays = 2;

/**
 * Returns when a schedule starts next, after `now`; undefined if it does not start daily at a time. Scheduler leaves out a local
 * time that does not exist.
 * @param expression of EventBridge Scheduler, as `cron(30 3 * * ? *)`
 */
export function nextStart(expression: string, timeZone: string, now: Date): Date | undefined {
  const [, minute, hour] = daily.exec(expression) ?? [];
  if (minute === undefined || hour === undefined) return undefined;
  const minutes = Number(hour) * 60 + Number(minute);
  const today = dayOf(now, timeZone);
  for (let ahead = 0; ahead <= lookAheadDays; ahead++) {
    const start = atLocalTime(addDays(today, ahead), minutes, timeZone);
    if (start && start > now) return start;
  }
  return undefined;
}

/** Returns the instant at which the day's clock shows a time; undefined if it never does. */
function atLocalTime(day: string, minutes: number, timeZone: string): Date | undefined {
  const localMs = wallClock(timeZone);
  const wantedMs = Date.parse(`${day}T00:00:00Z`) + minutes * minuteMs;
  const guessMs = spanOf(day, timeZone).from.getTime() + minutes * minuteMs;
  // A clock change since midnight moves it.
  const startMs = guessMs + wantedMs - (localMs(guessMs) ?? wantedMs);
  return localMs(startMs) === wantedMs ? new Date(startMs) : undefined;
}
