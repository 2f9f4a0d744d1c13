import type * as z from "zod/mini";
import type { Bucket } from "../../aws/bucket.ts";
import { AnalyticsManifest } from "../../core/analytics/analytics-manifest.ts";
import { CallManifest } from "../../core/calls/call-manifest.ts";
import type { AggregateName } from "../../core/day-aggregate.ts";
import { aggregateKeys } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { JobError } from "../../errors.ts";
import { undefinedIfOfOneObject } from "../../storage/each-day.ts";
import { parseManifest } from "../../storage/manifest-file.ts";
import { missingRecords, neighboursOf, sourceVersion } from "./source-version.ts";

/** A day's manifests, undefined if missing. */
export interface DayManifests {
  readonly calls: CallManifest | undefined;
  readonly analytics: AnalyticsManifest | undefined;
}

/** A day's manifests, and the version that their tables have. */
export interface DaySource extends DayManifests {
  readonly version: string;
}

/** Reads what a day's tables are built from. @throws STORAGE_INVALID as `readManifests` */
export async function readSource(archive: Bucket, account: string, day: Day): Promise<DaySource> {
  const { calls, analytics, etags } = await readManifests(archive, account, day);
  if (!calls || missingRecords(calls).size === 0) return { calls, analytics, version: sourceVersion(etags) };
  // Before these days are read, so that the next run notices a manifest that is written meanwhile.
  const neighbours = await Promise.all(neighboursOf(day).map((neighbour) => etagOf(archive, account, neighbour)));
  return { calls, analytics, version: sourceVersion(etags, neighbours) };
}

/** Returns the ETag of a day's calls manifest; undefined if there is none, or S3 denies it. */
async function etagOf(archive: Bucket, account: string, day: Day): Promise<string | undefined> {
  return (await archive.head(aggregateKeys.calls.manifest(account, day)).catch(undefinedIfOfOneObject))?.etag;
}

/** Reads a day's manifests. @throws STORAGE_INVALID when one is damaged or belongs to another day or account */
export async function readManifests(archive: Bucket, account: string, day: Day) {
  const read = async <M extends { readonly account: string; readonly day: Day }>(
    aggregate: AggregateName,
    schema: z.ZodMiniType<M>,
  ) => {
    const key = aggregateKeys[aggregate].manifest(account, day);
    const stored = await archive.get(key);
    if (!stored) return undefined;
    const manifest = parseManifest({ manifest: schema }, stored.body, key);
    if (manifest.account !== account || manifest.day !== day) throw notOfThisDay(key);
    return { manifest, etag: stored.etag };
  };
  const [calls, analytics] = await Promise.all([read("calls", CallManifest), read("analytics", AnalyticsManifest)]);
  const etags = { ...(calls && { calls: calls.etag }), ...(analytics && { analytics: analytics.etag }) };
  return { calls: calls?.manifest, analytics: analytics?.manifest, etags };
}

function notOfThisDay(key: string): JobError {
  return new JobError("STORAGE_INVALID", `The manifest ${key} belongs to another day or account`, {
    hint: "Run npx nightshift restore --stack <name>: it puts back the version that a run wrote.",
    details: { key },
  });
}
