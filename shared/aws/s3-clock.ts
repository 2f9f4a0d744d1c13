import type { S3Client } from "@aws-sdk/client-s3";

/** The clock is believed while it agrees with S3 to within this; a `Date` header is cut to seconds. */
const toleratedMs = 2_000;

/**
 * S3's clock: reads `Date` from every answer of `client`, so that a container whose clock is wrong does no harm. It moves
 * only when S3 contradicts it, for an answer may be read late.
 */
export function createS3Clock(client: S3Client, machineNow: () => number): () => Date {
  let aheadMs = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const sentAt = machineNow();
      const result = await next(args);
      const receivedAt = machineNow();
      const { headers } = (result.response ?? {}) as { headers?: Record<string, string> };
      const date = Date.parse(headers?.date ?? "");
      const tooEarly = date < sentAt + aheadMs - toleratedMs;
      const tooLate = date > receivedAt + aheadMs + toleratedMs;
      if (tooEarly || tooLate) aheadMs = date + 500 - (sentAt + receivedAt) / 2;
      return result;
    },
    { step: "deserialize", name: "readDate", priority: "low" },
  );
  return () => new Date(machineNow() + aheadMs);
}
