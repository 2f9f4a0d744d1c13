import type { SerializedError } from "../shared/errors.ts";
import type { TargetOptions } from "./target.ts";
import { withTarget } from "./with-target.ts";

const login = "Log in to AWS again, or choose another login with AWS_PROFILE.";
const region = "The bucket is in another region: set AWS_REGION to it.";
const rights = "Allow your login s3:ListBucket and s3:GetObject, and kms:Decrypt if the bucket has its own KMS key.";
const bucket =
  "Check --bucket: the stack's output ArchiveBucket is its name. A folder has a slash in it, such as ./copy.";
const notReached = "AWS was not reached. Check that AWS_REGION is right, the network, and your proxy (HTTPS_PROXY)";
const notServed = "AWS did not serve the request. Wait a minute";

/**
 * By the error code of S3, or the status of a HEAD response, which has no code.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const hints: Readonly<Record<string, string>> = {
  NoSuchBucket: bucket,
  PermanentRedirect: region,
  AuthorizationHeaderMalformed: region,
  ExpiredToken: login,
  InvalidToken: login,
  InvalidAccessKeyId: login,
  InvalidClientTokenId: login,
  UnrecognizedClientException: login,
  ExpiredTokenException: login,
  InvalidSignatureException: login,
  SignatureDoesNotMatch: login,
  RequestTimeTooSkewed: "Correct the clock of this machine.",
  301: region,
  403: rights,
  404: bucket,
};

interface HintOptions {
  /** What to do once AWS can be reached. @default to run the command again */
  readonly again?: string;
  /** What the user has named. */
  readonly target?: Pick<TargetOptions, "stack" | "bucket">;
}

/** Hint for a user at a command line. JobError's own hint addresses the operator of the stack. */
export function cliHint(error: SerializedError, { again = "run the command again", target = {} }: HintOptions = {}) {
  return withTarget(ownHint(error) ?? awsHint(error.details, again), target);
}

/** Undefined if the error is of a request to AWS. A folder's error is not retryable, and has no status. */
function ownHint({ code, hint = "", retryable, details }: SerializedError): string | undefined {
  const isOfAws = details.status !== undefined || retryable;
  return code === "STORAGE_FAILED" && isOfAws ? undefined : hint;
}

function awsHint({ name = "", status }: SerializedError["details"], again: string): string {
  const known = hints[String(name)] ?? hints[String(status ?? "")];
  return known ?? `${status === undefined ? notReached : notServed}, then ${again}.`;
}
