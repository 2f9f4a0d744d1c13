import { JobError } from "../errors.ts";

/** Attempts to write an object that other runs may change. */
const maxWriteAttempts = 5;

/**
 * Repeats an attempt that reads, changes and conditionally writes, until no other write comes in between.
 * @param attempt returns undefined if another write came first
 * @throws STORAGE_FAILED after 5 attempts; what `attempt` throws
 */
export async function retryLostRace<T>(
  subject: string,
  attempt: () => Promise<{ readonly value: T } | undefined>,
  details: { readonly key?: string } = {},
): Promise<T> {
  for (let attempts = 0; attempts < maxWriteAttempts; attempts++) {
    const written = await attempt();
    if (written) return written.value;
  }
  throw new JobError(
    "STORAGE_FAILED",
    `${subject} was changed by another run on each of ${maxWriteAttempts} attempts`,
    {
      retryable: true,
      hint: "No action: the next run retries. If it stays, find out what else writes to this archive, such as another stack.",
      details,
    },
  );
}
