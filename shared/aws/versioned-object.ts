import type * as z from "zod/mini";
import { jsonOrUndefined } from "../core/exact-json.ts";
import type { Versioned } from "../core/versioned.ts";
import { type Bucket, toBody } from "./bucket.ts";

const contentType = "application/json";

/**
 * Opens a small JSON object that several containers write. A write replaces only the version that its caller has read
 * (compare-and-set by ETag). After a rejected write, or one without a response, it reads the object: if that has the
 * write's own nonce, the write succeeded after all.
 */
export function versionedObject<T extends { readonly nonce: string }>(
  bucket: Bucket,
  key: string,
  schema: z.ZodMiniType<T>,
): Versioned<T> {
  const read = async () => {
    const stored = await bucket.get(key);
    return stored && { value: schema.safeParse(jsonOrUndefined(stored.body.toString())).data, version: stored.etag };
  };
  const versionWithNonce = async (nonce: string) => {
    const stored = await read();
    return stored?.value?.nonce === nonce ? stored.version : undefined;
  };
  return {
    read,
    write: async (value, ifMatch) => {
      try {
        const version = await bucket.replace(key, toBody(JSON.stringify(value)), contentType, ifMatch);
        return version ?? (await versionWithNonce(value.nonce));
      } catch (error) {
        const version = await versionWithNonce(value.nonce);
        if (version) return version;
        throw error;
      }
    },
  };
}
