import type { Bucket } from "../../aws/bucket.ts";
import { AnalyticsManifest } from "../../core/analytics/analytics-manifest.ts";
import { type ShownGroup, shownGroups } from "../../core/figures/day-figures.ts";
import { aggregateKeys } from "../../core/object-keys.ts";
import type { Day } from "../../core/time/days.ts";
import { parseManifest } from "../../storage/manifest-file.ts";

/**
 * Returns the groups whose values of the whole day were collected: one without members has no rows in a table.
 * @throws STORAGE_INVALID when the day's manifest is damaged; STORAGE_FAILED
 */
export async function collectedGroups(
  archive: Pick<Bucket, "get">,
  account: string,
  day: Day,
): Promise<readonly ShownGroup[]> {
  const key = aggregateKeys.analytics.manifest(account, day);
  const stored = await archive.get(key);
  if (!stored) return [];
  const { datasets } = parseManifest({ manifest: AnalyticsManifest }, stored.body, key);
  return shownGroups.filter((shown) =>
    datasets.some(({ group, interval, object }) => group === shown && interval === "Day" && object !== undefined),
  );
}
