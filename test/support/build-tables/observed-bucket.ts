import type { Bucket } from "../../../shared/aws/bucket.ts";
import { JobError } from "../../../shared/errors.ts";

/** Returns a bucket that reports each operation before and after it. */
export function observedBucket(
  bucket: Bucket,
  onOperation: (when: "before" | "after", operation: keyof Bucket, key: string) => void,
): Bucket {
  const observe =
    <A extends readonly unknown[], R>(operation: keyof Bucket, work: (key: string, ...rest: A) => Promise<R>) =>
    async (key: string, ...rest: A): Promise<R> => {
      onOperation("before", operation, key);
      const result = await work(key, ...rest);
      onOperation("after", operation, key);
      return result;
    };
  return {
    ...bucket,
    get: observe("get", bucket.get),
    open: observe("open", bucket.open),
    head: observe("head", bucket.head),
    put: observe("put", bucket.put),
    create: observe("create", bucket.create),
    replace: observe("replace", bucket.replace),
    list: (prefix, after) => {
      onOperation("before", "list", prefix);
      return bucket.list(prefix, after);
    },
  };
}

/** Returns a bucket with a list of the keys of each operation, in order. */
export function withObservedKeys(bucket: Bucket): {
  readonly bucket: Bucket;
  readonly keys: (operation: keyof Bucket) => string[];
} {
  const noted: (readonly [keyof Bucket, string])[] = [];
  return {
    bucket: observedBucket(bucket, (when, operation, key) => when === "before" && noted.push([operation, key])),
    keys: (operation) => noted.flatMap(([done, key]) => (done === operation ? [key] : [])),
  };
}

/** When a container permanently loses S3: before operation number `operation`, or after it but before its response. */
export interface ConnectionBreak {
  readonly operation: number;
  readonly when: "before" | "after";
}

/** Returns a wrapper for several buckets that share one connection, which breaks once. */
export function breakConnection({ operation, when }: ConnectionBreak): (bucket: Bucket) => Bucket {
  let count = 0;
  return (bucket) =>
    observedBucket(bucket, (now) => {
      if (now === "before") count++;
      if (count > operation || (count === operation && now === when))
        throw new JobError("STORAGE_FAILED", "S3 is gone");
    });
}
