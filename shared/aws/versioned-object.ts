import type * as z from "zod/mini";
import type { Versioned } from "../core/versioned.ts";
import { type Bucket, toBody } from "./bucket.ts";

const json = "application/json";

/**
 * A small JSON object moved only by compare-and-set on its ETag. After a write that was refused, or whose answer was
 * lost, the object is read: if its nonce is ours, we won.
 */
export function versionedObject<T extends { readonly nonce: string }>(
  bucket: Bucket,
  key: string,
  schema: z.ZodMiniType<T>,
): Versioned<T> {
  const read = async () => {
    const stored = await bucket.get(key);
    return stored && { value: parsed(schema, stored.body), version: stored.etag };
  };
  const ownWrite = async (nonce: string) => {
    const stored = await read();
    return stored?.value?.nonce === nonce ? stored.version : undefined;
  };
  return {
    read,
    write: async (value, over) => {
      try {
        const version = await bucket.replace(key, toBody(JSON.stringify(value)), json, over);
        return version ?? (await ownWrite(value.nonce));
      } catch (error) {
        const version = await ownWrite(value.nonce);
        if (version) return version;
        throw error;
      }
    },
  };
}

function parsed<T>(schema: z.ZodMiniType<T>, body: Buffer): T | undefined {
  try {
    return schema.parse(JSON.parse(body.toString()));
  } catch {
    return undefined;
  }
}
