import type { Bucket } from "../../aws/bucket.ts";
import type { CallManifest } from "../../core/calls/call-manifest.ts";
import { missingIn } from "../../core/calls/settling.ts";
import { aggregateKeys, dayInKey } from "../../core/object-keys.ts";
import { addDays, type Day } from "../../core/time/days.ts";

/** ETags of a day's manifests; a day may have only one of the two. */
export interface ManifestEtags {
  readonly calls?: string;
  readonly analytics?: string;
}

/** ETags of the manifests by day. */
export type ListedManifests = ReadonlyMap<Day, ManifestEtags>;

/** Returns the days before and after, whose listings may show records that this day's listing lacks. */
export function neighboursOf(day: Day): readonly [Day, Day] {
  return [addDays(day, -1), addDays(day, 1)];
}

/** Returns the ids of the records that a day's listing misses: its tables depend on the days before and after. */
export function missingRecords({ listings, vanished }: CallManifest): ReadonlySet<string> {
  return new Set([...missingIn(listings), ...vanished]);
}

/**
 * Returns a text that is equal for equal manifests, by their ETags. `neighbours` has the calls manifests of the days before
 * and after, if the tables depend on them.
 */
export function sourceVersion(
  { calls, analytics }: ManifestEtags,
  neighbours?: readonly (string | undefined)[],
): string {
  const adjacent = neighbours ? `${neighboursMark}${neighbours.map((etag) => etag ?? "-").join(" ")}` : "";
  return `calls ${calls ?? "-"} analytics ${analytics ?? "-"}${adjacent}`;
}

const neighboursMark = " neighbours ";

/** True if tables with this source version would be built from the same manifests now. */
export function isSourceOf(source: string, manifests: ListedManifests, day: Day): boolean {
  const neighbours = source.includes(neighboursMark)
    ? neighboursOf(day).map((neighbour) => manifests.get(neighbour)?.calls)
    : undefined;
  return source === sourceVersion(manifests.get(day) ?? {}, neighbours);
}

/** Lists the manifests of all days; costs LIST requests only. */
export async function listSources(archive: Bucket, account: string): Promise<ListedManifests> {
  const manifests = new Map<Day, ManifestEtags>();
  for (const aggregate of ["calls", "analytics"] as const) {
    for await (const { key, etag } of archive.list(aggregateKeys[aggregate].manifestsPrefix(account))) {
      const day = dayInKey(key);
      if (day && key === aggregateKeys[aggregate].manifest(account, day))
        manifests.set(day, { ...manifests.get(day), [aggregate]: etag });
    }
  }
  return manifests;
}
