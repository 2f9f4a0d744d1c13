import type { SerializedError } from "../shared/errors.ts";

const login = "Log in to AWS again, or choose another login with AWS_PROFILE.";
const region = "The bucket lies in another region: set AWS_REGION to it.";
const rights = "Reading takes s3:ListBucket and s3:GetObject, and kms:Decrypt where the bucket has a key of its own.";
const bucket = "Check --bucket; the stack tells it as its output ArchiveBucket.";

/** By what S3 refuses a reader with (S3 API reference: "Error responses"); an answer to HEAD has a status only. */
const hints: Readonly<Record<string, string>> = {
  NoSuchBucket: bucket,
  PermanentRedirect: region,
  AuthorizationHeaderMalformed: region,
  ExpiredToken: login,
  InvalidToken: login,
  InvalidAccessKeyId: login,
  SignatureDoesNotMatch: login,
  RequestTimeTooSkewed: "Set this machine's clock right.",
  301: region,
  403: rights,
  404: bucket,
};

/** What a person at a command line can do about an error; that of a fault of S3's speaks to an operator of the stack. */
export function cliHint({ code, hint = "", details }: SerializedError): string {
  if (code !== "STORAGE_FAILED") return hint;
  const { name = "", status = "" } = details;
  return hints[String(name)] ?? hints[String(status)] ?? "Look at the network, then run it again.";
}
