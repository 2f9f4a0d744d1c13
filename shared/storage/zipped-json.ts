import { gunzipSync, gzipSync } from "node:zlib";
import { parseExactJson } from "../core/exact-json.ts";

/** Ten times a day of 100,000 recordings; no run writes more, and more would not fit into memory. */
const maxJsonBytes = 256 * 1024 * 1024;

export function zippedJson(value: unknown): Buffer {
  return gzipSync(JSON.stringify(value));
}

/** @throws Error when the data is damaged or unzips to more than 256 MiB */
export function unzippedJson(zipped: Buffer): unknown {
  return parseExactJson(gunzipSync(zipped, { maxOutputLength: maxJsonBytes }).toString());
}
