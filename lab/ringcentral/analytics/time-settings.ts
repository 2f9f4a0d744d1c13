import { z } from "zod";
import type { ZoneClock } from "./zone-clock.ts";

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

/** When the calls of a request began, and in which zone its days are (OpenAPI: TimeSettings). */
export const timeSettingsSchema = z.object({
  timeZone: z.string().refine(isTimeZone),
  timeRange: z
    .object({ timeFrom: instant, timeTo: instant })
    .refine(({ timeFrom, timeTo }) => timeFrom <= timeTo, { path: ["timeTo"] })
    .transform(({ timeFrom, timeTo }) => ({ fromMs: timeFrom, toMs: timeTo })),
  advancedTimeSettings: z
    .object({
      includeDays: z.array(z.enum(weekdays)).optional(),
      includeHours: z.array(z.object({ from: timeOfDay, to: timeOfDay })).optional(),
    })
    .optional(),
});

export type TimeSettings = z.infer<typeof timeSettingsSchema>;

const knownZones = new Set<string>();

/** A zone has a name; a bare offset is not allowed. */
function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true;
  const isKnown = isKnownZone(name);
  if (isKnown) knownZones.add(name);
  return isKnown;
}

function isKnownZone(name: string): boolean {
  try {
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat("en-US", { timeZone: name }) !== undefined;
  } catch (cause) {
    if (cause instanceof RangeError) return false;
    throw cause;
  }
}

const minuteMs = 60_000;

/** True if the instant is on an included day and in an included hour. */
// Guess: hours are half-open, and go over midnight where they end before they begin.
export function isIncluded(instantMs: number, { advancedTimeSettings = {} }: TimeSettings, zone: ZoneClock): boolean {
  const { includeDays = [], includeHours = [] } = advancedTimeSettings;
  if (includeDays.length === 0 && includeHours.length === 0) return true;
  const wall = new Date(zone.wallMs(instantMs));
  const minute = wall.getUTCHours() * 60 + wall.getUTCMinutes();
  const onDay = includeDays.length === 0 || includeDays.some((day) => day === weekdays[wall.getUTCDay()]);
  return onDay && (includeHours.length === 0 || includeHours.some(({ from, to }) => isBetween(minute, from, to)));
}

function isBetween(minute: number, from: string, to: string): boolean {
  const [first, end] = [from, to].map((text) => Date.parse(`1970-01-01T${text}Z`) / minuteMs) as [number, number];
  return first < end ? minute >= first && minute < end : minute >= first || minute < end;
}
