import { gunzipSync, gzipSync } from "node:zlib";
import type * as z from "zod/mini";
import { type ObjectBody, toBody } from "../aws/bucket.ts";
import { jsonOrUndefined } from "../core/exact-json.ts";

/** Ten times a day of 100,000 recordings; no run writes more, and more would not fit into memory. */
const maxJsonBytes = 256 * 1024 * 1024;
/** The first byte of gzip, which no JSON begins with. https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1 */
const gzipByte = 0x1f;

/** Returns the body of an object with the value as gzipped JSON. */
export function zippedJson(value: unknown): ObjectBody {
  return toBody(gzipSync(JSON.stringify(value)));
}

/**
 * Parses an object's JSON, gzipped or not. Undefined if it is damaged or unzips to more than 256 MiB, so that the
 * caller's schema reports the error.
 */
export function storedJson(body: Buffer): unknown {
  try {
    const json = body[0] === gzipByte ? gunzipSync(body, { maxOutputLength: maxJsonBytes }) : body;
    return jsonOrUndefined(json.toString());
  } catch {
    return undefined;
  }
}

/** Parses an object's JSON by `schema`; undefined if there is no object, or one that does not match. */
export function parseStored<T>(schema: z.ZodMiniType<T>, stored: { readonly body: Buffer } | undefined): T | undefined {
  return schema.safeParse(stored && storedJson(stored.body)).data;
}
