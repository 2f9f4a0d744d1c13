import { AwsError } from "./aws-error.ts";

/** S3 API reference: a request's time stamp may be 15 minutes off. */
const s3SkewMs = 15 * 60_000;
/** IAM user guide: for most other services it must arrive within five minutes of its time stamp. */
const otherSkewMs = 5 * 60_000;

/** Refuses a request whose `x-amz-date` is too far from the server's time, so that the SDK corrects its clock. */
export function checkClockSkew(service: string, timestamp: string | undefined, nowMs: number): void {
  const sentMs = readTimestamp(timestamp);
  if (service === "s3") {
    if (Math.abs(sentMs - nowMs) > s3SkewMs) throw s3Refusal(sentMs, nowMs);
  } else if (sentMs < nowMs - otherSkewMs) {
    throw otherRefusal(`Signature expired: ${timestamp} is now earlier than ${compact(nowMs - otherSkewMs)}`);
  } else if (sentMs > nowMs + otherSkewMs) {
    throw otherRefusal(`Signature not yet current: ${timestamp} is still later than ${compact(nowMs + otherSkewMs)}`);
  }
}

function readTimestamp(timestamp: string | undefined): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp ?? "");
  if (!match) throw new AwsError(403, "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header");
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

function s3Refusal(sentMs: number, nowMs: number): AwsError {
  const message = "The difference between the request time and the current time is too large.";
  const details = {
    RequestTime: compact(sentMs),
    ServerTime: new Date(nowMs).toISOString(),
    MaxAllowedSkewMilliseconds: String(s3SkewMs),
  };
  return new AwsError(403, "RequestTimeTooSkewed", message, { details });
}

function otherRefusal(message: string): AwsError {
  return new AwsError(400, "InvalidSignatureException", message);
}

function compact(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/[-:]|\.\d+/g, "");
}
