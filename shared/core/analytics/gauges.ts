import { dayMs } from "../time/days.ts";
import type { AnalyticsManifest } from "./analytics-manifest.ts";

/** Fewer failures count as single ones. */
const minFailedInBulk = 5;

export interface AnalyticsGauges {
  /** Nights since the oldest failure of a dataset. */
  readonly oldestOpenNights: number;
  /** Datasets that failed; 0 for fewer than five. */
  readonly failedInBulk: number;
}

/** Computes the gauges from the manifests of a run's days. */
export function analyticsGauges(manifests: readonly AnalyticsManifest[], now: Date): AnalyticsGauges {
  const failures = manifests.flatMap(({ datasets }) => datasets.flatMap(({ failure }) => failure ?? []));
  const nights = failures.map(({ at }) => Math.round((now.getTime() - Date.parse(at)) / dayMs));
  return {
    oldestOpenNights: Math.max(0, ...nights),
    failedInBulk: failures.length >= minFailedInBulk ? failures.length : 0,
  };
}
