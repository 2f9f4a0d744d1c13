import type { S3Client } from "@aws-sdk/client-s3";

/** A container's clock is believed while it agrees with S3 to within this; a `Date` header is cut to seconds. */
const toleratedMs = 2_000;

/** S3's clock: reads `Date` from every answer of `client`, so that a container whose clock is wrong does no harm. */
export function createS3Clock(client: S3Client, machineNow: () => number): () => Date {
  let aheadMs = 0;
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = (result.response ?? {}) as { headers?: Record<string, string> };
      const date = Date.parse(headers?.date ?? "");
      if (!Number.isNaN(date)) {
        const ahead = date + 500 - machineNow();
        aheadMs = Math.abs(ahead) > toleratedMs ? ahead : 0;
      }
      return result;
    },
    { step: "deserialize", name: "readDate", priority: "low" },
  );
  return () => new Date(machineNow() + aheadMs);
}
