import { forEachConcurrent } from "../core/async/for-each-concurrent.ts";
import { counted } from "../core/counted.ts";
import type { Day } from "../core/time/days.ts";
import { deserializeError, hasCode, JobError, type SerializedError } from "../errors.ts";

/** Days with an object that is damaged, denied or unavailable. */
export interface UnreadableDays {
  readonly days: readonly Day[];
  /** Error of the first day. */
  readonly first: SerializedError | undefined;
}

const noDays: UnreadableDays = { days: [], first: undefined };
const dayConcurrency = 16;

/** True for an error that concerns one object: it is damaged, or S3 denies it. */
export function isOfOneObject(error: unknown): error is JobError {
  return hasCode(error, "STORAGE_INVALID") || (hasCode(error, "STORAGE_FAILED") && !error.retryable);
}

/** Catch handler for optional objects: a damaged or denied object counts as missing. Rethrows every other error. */
export function undefinedIfOfOneObject(error: unknown): undefined {
  if (!isOfOneObject(error)) throw error;
}

function isUnavailable(error: unknown): error is JobError {
  return hasCode(error, "STORAGE_FAILED") && error.retryable;
}

/**
 * Runs `work` for each day; returns the errors of days whose object is damaged or denied, or unavailable while another
 * day's is readable again. `work` may run twice for a day.
 * @throws STORAGE_FAILED when S3 denies every day and `control` fails: the deployment is at fault
 */
export async function eachDay(
  days: Iterable<Day>,
  work: (day: Day) => Promise<void>,
  control?: () => Promise<unknown>,
): Promise<ReadonlyMap<Day, JobError>> {
  const errors = new Map<Day, JobError>();
  const unavailable = new Map<Day, JobError>();
  let readable: Day | undefined;
  await forEachConcurrent(days, dayConcurrency, async (day) => {
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
    // During an S3 outage this fails too, so that no day is blamed.
    await work(readable);
    await work(day).catch((retryError: unknown) => {
      if (!isUnavailable(retryError)) throw retryError;
      errors.set(day, retryError);
    });
  }
  const denied = [...errors.values()].filter(({ code }) => code === "STORAGE_FAILED");
  if (readable === undefined && denied[0] && denied.length === errors.size) {
    if (!control) throw denied[0];
    await control();
  }
  return errors;
}

/** Returns the days of the errors in order, with the first day's error as JSON. */
export function unreadableDays(errors: Iterable<readonly [Day, JobError]>): UnreadableDays {
  const sorted = [...errors].sort(([a], [b]) => (a < b ? -1 : 1));
  return { days: sorted.map(([day]) => day), first: sorted[0]?.[1].toJSON() };
}

/** Returns the error with which a run ends because of unreadable days; undefined if there are none. */
export function unreadableError(...unreadable: readonly (UnreadableDays | undefined)[]): JobError | undefined {
  const { days, first } = unreadable.find((each) => each?.first) ?? noDays;
  if (first?.code !== "STORAGE_FAILED") return first && deserializeError(first);
  const [day] = days;
  return new JobError(
    "DAYS_INCOMPLETE",
    `Reading or writing objects of ${counted(days.length, "day")} failed, the first is ${day}: ${first.message}`,
    {
      hint: "Check the policies for the object, and that its KMS key is enabled. The next run continues with these days.",
      details: { ...first.details, days: days.length, first: day },
    },
  );
}
