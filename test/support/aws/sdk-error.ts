import { S3ServiceException } from "@aws-sdk/client-s3";

/** Creates the SDK's error for S3's response `status`. */
export function s3Error(status: number, name = `Status${status}`): S3ServiceException {
  return new S3ServiceException({
    name,
    message: "words that may quote anything",
    $fault: status < 500 ? "client" : "server",
    $metadata: { httpStatusCode: status, requestId: "request-1" },
  });
}

/** Creates the SDK's error for a missing response. */
export function networkError(): Error {
  return Object.assign(new Error("socket hang up"), { name: "TimeoutError" });
}
