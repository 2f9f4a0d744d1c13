import * as z from "zod/mini";
import { showing } from "./given-value.ts";
import { isDay, isTimeZone } from "./time/days.ts";

/** An instant, ISO 8601. */
export const Instant = z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)), "expected an instant"));

/** A whole number, at least 0. */
export const Count = z.number().check(z.int(), z.nonnegative());

/** A calendar date that exists, `YYYY-MM-DD`; errors show the given value. */
export const DateField = z
  .string(showing("expected a date, YYYY-MM-DD"))
  .check(z.refine(isDay, { ...showing("expected a date that exists, YYYY-MM-DD"), abort: true }));

/** A time zone that this runtime knows. */
export const TimeZoneField = z.string().check(z.refine(isTimeZone, "expected an IANA time zone"));

/** A run's failure to list a day, or to collect a dataset. */
export const Failure = z.object({
  run: z.string(),
  at: Instant,
  code: z.string(),
  /** True if the same run succeeded with others: the fault is then this one's. */
  othersSucceeded: z.optional(z.boolean()),
});
