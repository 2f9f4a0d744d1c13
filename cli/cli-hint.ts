import type { SerializedError } from "../shared/errors.ts";

const login = "Log in to AWS again, or choose another login with AWS_PROFILE.";
const region = "The bucket is in another region: set AWS_REGION to it.";
const rights = "Allow your login s3:ListBucket and s3:GetObject, and kms:Decrypt if the bucket has its own KMS key.";
const bucket =
  "Check --bucket: the stack's output ArchiveBucket is its name. A folder has a slash in it, such as ./copy.";

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

/**
 * Hint for a user at a command line. JobError's own hint addresses the operator of the stack.
 * @param again what to do once the network is back
 */
export function cliHint({ code, hint = "", details }: SerializedError, again = "run the command again"): string {
  if (code !== "STORAGE_FAILED") return hint;
  const { name = "", status = "" } = details;
  return hints[String(name)] ?? hints[String(status)] ?? `Check the network, then ${again}.`;
}
