import type { Bucket } from "../aws/bucket.ts";
import { compareText } from "../core/compare-text.ts";

/** Greater than everything that may follow a prefix. S3 sorts keys by their UTF-8 bytes. */
const last = "\u{10ffff}";

/**
 * Lists the keys of a bucket that have none of the prefixes, sorted. It skips what has one: it sends one LIST request for each
 * gap between them, and one for every 1,000 keys that it finds.
 */
export async function* keysOutside(bucket: Bucket, prefixes: readonly string[]): AsyncGenerator<string> {
  let after = "";
  for (const prefix of prefixes.toSorted(compareText)) {
    for await (const { key } of bucket.list("", after)) {
      if (key >= prefix) break;
      yield key;
    }
    const end = `${prefix}${last}`;
    // A prefix may lie within an earlier one.
    if (end > after) after = end;
  }
  for await (const { key } of bucket.list("", after)) yield key;
}
