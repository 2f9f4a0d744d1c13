import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type Bucket, type ObjectBody, toBody } from "../../../shared/aws/bucket.ts";

/** Creates a bucket in memory, with S3's conditional writes, for the thousand objects of a property test. */
export function memoryBucket(objects: Readonly<Record<string, Buffer>> = {}, at = new Date(0)): Bucket {
  const stored = new Map(Object.entries(objects));
  const factsOf = (body: Buffer) => {
    const { bytes, sha256 } = toBody(body);
    return { bytes, sha256, etag: sha256, lastModified: at };
  };
  const write = async (key: string, body: ObjectBody) => {
    const opened = body.open();
    stored.set(key, Buffer.isBuffer(opened) ? opened : await buffer(opened));
    return body.sha256;
  };
  return {
    expirations: async () => [],
    get: async (key) => {
      const body = stored.get(key);
      return body && { body, ...factsOf(body) };
    },
    open: async (key) => {
      const body = stored.get(key);
      return body && { etag: factsOf(body).etag, chunks: Readable.from([body]) };
    },
    head: async (key) => {
      const body = stored.get(key);
      return body && { ...factsOf(body), contentType: undefined };
    },
    list: async function* (prefix, after = "") {
      for (const key of [...stored.keys()].sort()) {
        const body = stored.get(key);
        if (body && key.startsWith(prefix) && key > after) yield { key, ...factsOf(body) };
      }
    },
    put: write,
    create: async (key, body) => (stored.has(key) ? undefined : write(key, body)),
    replace: async (key, body, _contentType, over) => {
      const known = stored.get(key);
      return (known && factsOf(known).etag) === over ? write(key, body) : undefined;
    },
  };
}
