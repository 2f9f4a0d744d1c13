import { S3ServiceException } from "@aws-sdk/client-s3";

/** An error as the SDK throws it when S3 answers with `status`. */
export function s3Error(status: number, name = `Status${status}`): S3ServiceException {
  return new S3ServiceException({
    name,
    message: "words that may quote anything",
    $fault: status < 500 ? "client" : "server",
    $metadata: { httpStatusCode: status, requestId: "request-1" },
  });
}

/** What the SDK throws when no response came. */
export function networkError(): Error {
  return Object.assign(new Error("socket hang up"), { name: "TimeoutError" });
}
