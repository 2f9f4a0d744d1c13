import { JobError } from "../errors.ts";
import { statusOf, storageError } from "./storage-error.ts";

/**
 * Returns the error of a request that a user's login sent to AWS: if AWS denied it, with the permission that the login needs.
 * @param subject what the request does, as in "invoke start-run"
 */
export function loginError(subject: string, hint: string, operation: string, error: unknown): JobError {
  const failed = storageError(operation, error);
  if (statusOf(error) !== 403 || !String(failed.details.name).startsWith("AccessDenied")) return failed;
  return new JobError("REQUEST_INVALID", `AWS does not let this login ${subject}`, { cause: error, hint });
}
