import type { Bucket } from "../../../shared/aws/bucket.ts";
import { JobError } from "../../../shared/errors.ts";

/** The same bucket, reporter of each operation before and after it takes place. */
export function observedBucket(
  bucket: Bucket,
  tell: (when: "before" | "after", operation: keyof Bucket, key: string) => void,
): Bucket {
  const watch =
    <A extends readonly unknown[], R>(operation: keyof Bucket, work: (key: string, ...rest: A) => Promise<R>) =>
    async (key: string, ...rest: A): Promise<R> => {
      tell("before", operation, key);
      const result = await work(key, ...rest);
      tell("after", operation, key);
      return result;
    };
  return {
    get: watch("get", bucket.get),
    open: watch("open", bucket.open),
    head: watch("head", bucket.head),
    put: watch("put", bucket.put),
    create: watch("create", bucket.create),
    replace: watch("replace", bucket.replace),
    list: (prefix) => {
      tell("before", "list", prefix);
      return bucket.list(prefix);
    },
  };
}

/** The keys of a kind of operation, in the order in which they took place. */
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

/** Where a container loses S3 for good: before the operation of that number, or after it took place and before its answer came. */
export interface ConnectionBreak {
  readonly operation: number;
  readonly when: "before" | "after";
}

/** One connection for several buckets, which breaks once. */
export function breakConnection({ operation, when }: ConnectionBreak): (bucket: Bucket) => Bucket {
  let count = 0;
  return (bucket) =>
    observedBucket(bucket, (now) => {
      if (now === "before") count++;
      if (count > operation || (count === operation && now === when))
        throw new JobError("STORAGE_FAILED", "S3 is gone");
    });
}
