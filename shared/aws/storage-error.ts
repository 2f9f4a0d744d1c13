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
  // The response to a HEAD has no body that would say more: the SDK calls the error so.
  const response = [status, name === "Unknown" ? undefined : name].filter(Boolean).join(" ");
  return new JobError("STORAGE_FAILED", `${doing} answered ${response}`, {
    cause: error,
    retryable: passing,
    details: { status, name, requestId: $metadata?.requestId },
    hint: passing ? passingHint : status === 403 ? deniedHint : otherHint,
  });
}

const passingHint = "Nothing, the run tries again; if it stays, look at the AWS Health Dashboard.";
/** API reference, HeadObject: a key that does not exist is 403, too, for a role that may not list it. */
const deniedHint =
  "Compare with the deployed stack (npx cdk diff): the rights of the function's role on the bucket and this prefix (s3:GetObject, s3:PutObject; without s3:ListBucket a missing key is a 403, too), the bucket's policy and, with kmsKeyArn, the key's policy.";
const otherHint = "Compare the function's role and the bucket's policy with the deployed stack.";
