import type * as z from "zod/mini";
import type { Bucket } from "../../aws/bucket.ts";
import { AnalyticsManifest } from "../../core/analytics/analytics-manifest.ts";
import { CallManifest } from "../../core/calls/call-manifest.ts";
import type { AggregateName } from "../../core/day-aggregate.ts";
import { aggregateKeys } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { JobError } from "../../errors.ts";
import { parseManifest } from "../../storage/manifest-file.ts";
import { sourceVersion } from "./build-index.ts";

/** A day's manifests, undefined if missing, and their source version. */
export interface DayManifests {
  readonly calls: CallManifest | undefined;
  readonly analytics: AnalyticsManifest | undefined;
  readonly version: string;
}

/** Reads a day's manifests. @throws STORAGE_INVALID when one is damaged or belongs to another day or account */
export async function readManifests(archive: Bucket, account: string, day: Day): Promise<DayManifests> {
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
  return {
    calls: calls?.manifest,
    analytics: analytics?.manifest,
    version: sourceVersion({ ...(calls && { calls: calls.etag }), ...(analytics && { analytics: analytics.etag }) }),
  };
}

function notOfThisDay(key: string): JobError {
  return new JobError("STORAGE_INVALID", `The manifest ${key} belongs to another day or account`, {
    hint: "Restore an earlier version of the object from the bucket's version history.",
    details: { key },
  });
}
