import type { LabClock } from "../../../lab/clock.ts";
import type { Bucket } from "../../../shared/aws/bucket.ts";
import { compareText } from "../../../shared/core/compare-text.ts";
import { memoryBucket } from "../storage/memory-bucket.ts";

/** Creates a bucket in memory that dates writes by the lab's clock, as S3 does. */
export function datedBucket(clock: LabClock): Bucket {
  const bucket = memoryBucket();
  const dates = new Map<string, Date>();
  const dated =
    <Rest extends readonly unknown[], Etag extends string | undefined>(
      write: (key: string, ...rest: Rest) => Promise<Etag>,
    ) =>
    async (key: string, ...rest: Rest): Promise<Etag> => {
      const etag = await write(key, ...rest);
      if (etag !== undefined) dates.set(key, new Date(clock.now()));
      return etag;
    };
  const dateOf = (key: string) => dates.get(key) ?? new Date(0);
  return {
    ...bucket,
    get: async (key) => {
      const stored = await bucket.get(key);
      return stored && { ...stored, lastModified: dateOf(key) };
    },
    list: async function* (prefix) {
      const keys = [...dates.keys()].filter((key) => key.startsWith(prefix));
      for (const key of keys.sort(compareText)) {
        const { bytes = 0, etag = "" } = (await bucket.head(key)) ?? {};
        yield { key, bytes, etag, lastModified: dateOf(key) };
      }
    },
    put: dated(bucket.put),
    create: dated(bucket.create),
    replace: dated(bucket.replace),
  };
}
