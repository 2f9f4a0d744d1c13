import type { AnalyticsManifest } from "./analytics-manifest.ts";

const dayMs = 24 * 3_600_000;
/** Fewer failures are single misfortunes. */
const minFailedInBulk = 5;

export interface AnalyticsGauges {
  /** Nights since the dataset that has failed longest first failed. */
  readonly oldestOpenNights: number;
  /** Datasets that failed; 0 for fewer than five. */
  readonly failedInBulk: number;
}

/** How the analytics stand, by the manifests of the days that a run worked on. */
export function analyticsGauges(manifests: readonly AnalyticsManifest[], now: Date): AnalyticsGauges {
  const failures = manifests.flatMap(({ datasets }) => datasets.flatMap(({ failure }) => failure ?? []));
  const nights = failures.map(({ at }) => Math.round((now.getTime() - Date.parse(at)) / dayMs));
  return {
    oldestOpenNights: Math.max(0, ...nights),
    failedInBulk: failures.length >= minFailedInBulk ? failures.length : 0,
  };
}
