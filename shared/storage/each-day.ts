import { forEachConcurrent } from "../core/async/for-each-concurrent.ts";
import type { Day } from "../core/time/days.ts";
import { deserializeError, JobError, type SerializedError } from "../errors.ts";

/** Days of which S3 holds something damaged, or does not give it; and why that is so of the first. */
export interface UnreadableDays {
  readonly days: readonly Day[];
  readonly first: SerializedError | undefined;
}

const noDays: UnreadableDays = { days: [], first: undefined };
const daysAtOnce = 16;

/** True for an error that one object gives: it is damaged, or S3 refuses it. */
export function isOfOneObject(error: unknown): error is JobError {
  if (!(error instanceof JobError)) return false;
  return error.code === "STORAGE_INVALID" || (error.code === "STORAGE_FAILED" && !error.retryable);
}

/** For what may be missing: an object that is damaged or refused counts as none. */
export function undefinedIfOfOneObject(error: unknown): undefined {
  if (!isOfOneObject(error)) throw error;
}

function isUnavailable(error: unknown): error is JobError {
  return error instanceof JobError && error.code === "STORAGE_FAILED" && error.retryable;
}

/**
 * Works on every day and returns the errors of those whose object is damaged or refused, or unavailable while another day's
 * can be read again. `work` may be called twice.
 * @throws JobError STORAGE_FAILED where S3 refuses every day, and `control` too: then the deployment is at fault
 */
export async function eachDay(
  days: Iterable<Day>,
  work: (day: Day) => Promise<void>,
  control?: () => Promise<unknown>,
): Promise<ReadonlyMap<Day, JobError>> {
  const errors = new Map<Day, JobError>();
  const unavailable = new Map<Day, JobError>();
  let readable: Day | undefined;
  await forEachConcurrent(days, daysAtOnce, async (day) => {
    try {
      await work(day);
      readable = day;
    } catch (error) {
      if (isUnavailable(error)) unavailable.set(day, error);
      else if (isOfOneObject(error)) errors.set(day, error);
      else throw error;
    }
  });
  for (const [day, error] of unavailable) {
    if (readable === undefined) throw error;
    // While S3 is away this fails, too, and nobody is blamed.
    await work(readable);
    await work(day).catch((again: unknown) => {
      if (!isUnavailable(again)) throw again;
      errors.set(day, again);
    });
  }
  const refused = [...errors.values()].filter(({ code }) => code === "STORAGE_FAILED");
  if (readable === undefined && refused[0] && refused.length === errors.size) {
    if (!control) throw refused[0];
    await control();
  }
  return errors;
}

export function unreadableDays(errors: Iterable<readonly [Day, JobError]>): UnreadableDays {
  const sorted = [...errors].sort(([a], [b]) => (a < b ? -1 : 1));
  return { days: sorted.map(([day]) => day), first: sorted[0]?.[1].toJSON() };
}

/** What a run fails with in the end for days that could not be read; undefined where there are none. */
export function unreadableError(...unreadable: readonly (UnreadableDays | undefined)[]): JobError | undefined {
  const { days, first } = unreadable.find((each) => each?.first) ?? noDays;
  if (first?.code !== "STORAGE_FAILED") return first && deserializeError(first);
  const [day] = days;
  return new JobError(
    "DAYS_INCOMPLETE",
    `S3 does not give, or take, objects of ${days.length} days, among them ${day}: ${first.message}`,
    {
      hint: "Check the policies that name the object, and whether its KMS key is enabled; the next run continues with these days.",
      details: { ...first.details, days: days.length, first: day },
    },
  );
}
