import { gunzipSync, gzipSync } from "node:zlib";
import { parseExactJson } from "../core/exact-json.ts";

/** Ten times what a day of 100,000 recordings takes; what unpacks to more was not written by a run, and would not fit into memory. */
const longestJson = 256 * 1024 * 1024;

export function zippedJson(value: unknown): Buffer {
  return gzipSync(JSON.stringify(value));
}

/** @throws where it is damaged, or longer than any run would write */
export function unzippedJson(zipped: Buffer): unknown {
  return parseExactJson(gunzipSync(zipped, { maxOutputLength: longestJson }).toString());
}
