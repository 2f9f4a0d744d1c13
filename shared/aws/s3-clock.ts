import type { S3Client } from "@aws-sdk/client-s3";

/** The machine's clock may differ from S3 by this; a `Date` header has whole seconds. */
const toleranceMs = 2_000;

/**
 * Returns a clock corrected by the `Date` header of each response of `client`, in case a container's clock is wrong. It
 * is corrected only when S3 contradicts it, because a response may be read late.
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
      const tooEarly = date < sentAt + aheadMs - toleranceMs;
      const tooLate = date > receivedAt + aheadMs + toleranceMs;
      if (tooEarly || tooLate) aheadMs = date + 500 - (sentAt + receivedAt) / 2;
      return result;
    },
    { step: "deserialize", name: "readDate", priority: "low" },
  );
  return () => new Date(machineNow() + aheadMs);
}
