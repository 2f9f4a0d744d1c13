import { JobError } from "../shared/errors.ts";

/** The error of a command whose days the archive does not have. */
export function unknownDays(days: readonly string[]): JobError {
  return new JobError("REQUEST_INVALID", `The archive has nothing of ${days.join(", ")}`, {
    hint: "Check --day. npx nightshift status --stack <name> says from when to when the archive has days.",
  });
}
