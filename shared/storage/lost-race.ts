import { JobError } from "../errors.ts";

/** Others changed it before each attempt to write it. */
export function lostRace(what: string, details: { readonly key?: string } = {}): JobError {
  return new JobError("STORAGE_FAILED", `Others kept writing ${what} in between`, {
    retryable: true,
    hint: "No action if the next run writes it. If it stays, look for what else writes to this archive, such as another stack.",
    details,
  });
}
