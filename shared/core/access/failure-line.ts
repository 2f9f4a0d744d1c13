import { type AccessLine, faultLine, warningLine } from "./access-line.ts";

/** Codes that say that jobs fail as well: nothing that a later attempt changes by itself. */
const faultCodes: readonly string[] = [
  "CONFIG_INVALID",
  "CREDENTIAL_MISSING",
  "CREDENTIAL_INVALID",
  "CREDENTIAL_REFUSED",
  "API_REFUSED",
  "HOST_NOT_ALLOWED",
  "STORAGE_FAILED",
];

/** What ended a check: an error, or why its request could not be sent now. */
export type CheckFailure =
  | { readonly code: string; readonly message: string; readonly hint?: string; readonly retryable: boolean }
  | { readonly wait: string };

/** Returns the line of a check that failed: a fault if jobs fail by the same, else a warning that it could not be made. */
export function failureLine(check: string, failure: CheckFailure): AccessLine {
  if ("wait" in failure)
    return warningLine(check, `could not be checked: ${failure.wait}`, "Check again in a few minutes.");
  const { code, message, hint = "Check again in a few minutes.", retryable } = failure;
  if (faultCodes.includes(code) && !retryable) return faultLine(check, message, hint);
  return warningLine(check, `could not be checked: ${message}`, hint);
}
