import { JobError } from "../errors.ts";

interface SdkError {
  readonly name?: string;
  /** Node's, if there was no response: `ECONNREFUSED`, `ENOTFOUND`. */
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

/** Returns the HTTP status of an SDK error; undefined if there was no response. */
export function statusOf(error: unknown): number | undefined {
  return (error as SdkError)?.$metadata?.httpStatusCode;
}

/** Returns a STORAGE_FAILED for `operation`; retryable after 5xx, 429, 409 and no response. */
export function storageError(operation: string, error: unknown): JobError {
  const { name = "unknown", code, $metadata } = (error ?? {}) as SdkError;
  const status = $metadata?.httpStatusCode;
  const isTemporary = status === undefined || status >= 500 || status === 429 || status === 409;
  // A response to HEAD has no body; the SDK then names the error "Unknown".
  const answer = [status, name === "Unknown" ? undefined : name].filter(Boolean).join(" ");
  const outcome = status === undefined ? `got no response: ${code ?? name}` : `answered ${answer}`;
  return new JobError("STORAGE_FAILED", `${operation} ${outcome}`, {
    cause: error,
    retryable: isTemporary,
    details: { status, name, requestId: $metadata?.requestId },
    hint: isTemporary ? temporaryHint : status === 403 ? deniedHint : otherHint,
  });
}

const temporaryHint = "No action: the run retries. If it stays, check the AWS Health Dashboard.";
/**
 * A missing key is also a 403 for a role without s3:ListBucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
const deniedHint =
  "Compare with the deployed stack (npx cdk diff): the function's role on the bucket and this prefix (s3:GetObject, s3:PutObject; without s3:ListBucket a missing key is also a 403), the bucket's policy and, with kmsKeyArn, the key's policy.";
const otherHint = "Compare the function's role and the bucket's policy with the deployed stack.";
