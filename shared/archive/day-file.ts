import { gunzipSync, gzipSync } from "node:zlib";
import { type Bucket, bytesBody } from "../aws/bucket.ts";
import { type CallRecord, callRecord } from "../core/call-record.ts";
import { parseExactJson } from "../core/exact-json.ts";
import type { ObjectRef } from "../core/manifest.ts";
import { mergeRecords } from "../core/merge-records.ts";
import { JobError } from "../errors.ts";

const gzip = "application/gzip";
/** A lost answer looks like another writer once; more than a few times it is one. */
const longestRace = 5;

/** Reads a day's records; none where the day has no file. */
export async function readDayFile(bucket: Bucket, key: string): Promise<CallRecord[]> {
  const stored = await bucket.get(key);
  return stored ? recordsOf(stored.body) : [];
}

/**
 * Merges `records` into a day's file and tells what is in it now. The same content makes the same bytes, and the same
 * bytes are not written again; a writer that comes between is merged with.
 */
export async function mergeIntoDayFile(
  bucket: Bucket,
  key: string,
  records: readonly CallRecord[],
): Promise<{ readonly file: ObjectRef | undefined; readonly merged: readonly CallRecord[] }> {
  for (let tried = 0; tried < longestRace; tried++) {
    const stored = await bucket.get(key);
    const merged = mergeRecords(stored ? recordsOf(stored.body) : [], records);
    if (merged.length === 0) return { file: undefined, merged };
    const body = bytesBody(gzipSync(merged.map(({ raw }) => `${JSON.stringify(raw)}\n`).join("")));
    const same = stored && bytesBody(stored.body).sha256 === body.sha256;
    if (same || (await bucket.replace(key, body, gzip, stored?.version)) !== undefined) {
      return { file: { key, bytes: body.bytes, sha256: body.sha256 }, merged };
    }
  }
  throw new JobError("STORAGE_FAILED", `Others kept writing ${key} in between`, { retryable: true, details: { key } });
}

function recordsOf(body: Buffer): CallRecord[] {
  const lines = gunzipSync(body).toString().split("\n");
  return lines.filter(Boolean).map((line) => callRecord(parseExactJson(line)));
}
