import { Readable } from "node:stream";
import type { AwsLab } from "../../lab/aws/server.ts";
import type { Bucket } from "../../shared/aws/bucket.ts";

/** Reads a bucket of the lab without requests: they would use up a storm's faults, and take time. */
export function labBucket(aws: AwsLab, name: string): Bucket {
  const describe = (key: string) => {
    const found = aws.describe(name, key);
    if (!found) return undefined;
    const { size, etag, sha256, lastModifiedMs } = found;
    return { key, bytes: size, etag: `"${etag}"`, sha256, lastModified: new Date(lastModifiedMs) };
  };
  const refuse = () => Promise.reject(new Error(`${name} is only read`));
  return {
    get: async (key) => {
      const found = describe(key);
      return found && { ...found, body: await aws.read(name, key) };
    },
    open: async (key) => {
      const found = describe(key);
      return found && { etag: found.etag, chunks: Readable.from([await aws.read(name, key)]) };
    },
    head: async (key) => {
      const found = describe(key);
      return found && { ...found, contentType: undefined };
    },
    list: async function* (prefix, after = "") {
      for await (const { key } of aws.objects(name)) {
        const found = key.startsWith(prefix) && key > after ? describe(key) : undefined;
        if (found) yield found;
      }
    },
    expirations: async () => [],
    put: refuse,
    create: refuse,
    replace: refuse,
  };
}
