import { JobError } from "../errors.ts";

interface SdkError {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** HTTP status of an error of the SDK's, or undefined where no answer came. */
export function statusOf(error: unknown): number | undefined {
  return (error as SdkError)?.$metadata?.httpStatusCode;
}

/** An S3 fault as our error: what was being done and whether it may pass by itself. */
export function storageError(doing: string, error: unknown): JobError {
  const { name = "unknown", $metadata } = (error ?? {}) as SdkError;
  const status = $metadata?.httpStatusCode;
  const passing = status === undefined || status >= 500 || status === 429 || status === 409;
  return new JobError("STORAGE_FAILED", `${doing} answered ${[status, name].filter(Boolean).join(" ")}`, {
    cause: error,
    retryable: passing,
    details: { status, name, requestId: $metadata?.requestId },
    todo: passing
      ? "Nothing, the run tries again; if it stays, look at the AWS Health Dashboard."
      : "Compare the function's role and the bucket's policy with the deployed stack.",
  });
}
