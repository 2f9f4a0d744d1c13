import * as z from "zod/mini";
import { showing } from "./given-value.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/** A setting that only one job reads. */
export interface JobSetting<Value = unknown> {
  readonly schema: z.ZodMiniType<Value>;
  /** Returns the environment variables of the functions; an undefined one is not set. */
  readonly environment: (value: Value) => Variables;
}

/** Declares a setting. */
export function jobSetting<Value>(
  schema: z.ZodMiniType<Value>,
  environment: (value: Value) => Variables,
): JobSetting<Value> {
  return { schema, environment };
}

/** A whole number from `min` to `max`; the error shows the given value. */
export function wholeNumber(min: number, max: number, error: string) {
  return z.int(showing(error)).check(z.gte(min, showing(error)), z.lte(max, showing(error)));
}

export function secondsOfHours(hours: number | undefined): string | undefined {
  return hours === undefined ? undefined : `${hours * 3600}`;
}
