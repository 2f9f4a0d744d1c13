import { JobError } from "../errors.ts";

/** Attempts to write an object that other runs may change. */
export const maxWriteAttempts = 5;

/** Error after {@link maxWriteAttempts} conditional writes that other writes preceded. */
export function lostRace(subject: string, details: { readonly key?: string } = {}): JobError {
  return new JobError(
    "STORAGE_FAILED",
    `${subject} was changed by another run on each of ${maxWriteAttempts} attempts`,
    {
      retryable: true,
      hint: "No action: the next run retries. If it stays, find out what else writes to this archive, such as another stack.",
      details,
    },
  );
}
