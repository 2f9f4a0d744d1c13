import { buildPages } from "../../../shared/jobs/build-pages/build-pages.ts";
import type { PageStyle } from "../../../shared/pages/report.ts";
import { type Buckets, type RunOptions, runOverBuckets, type StorageRun } from "../runtime/run-over-buckets.ts";

export const pagesStyle: PageStyle = { locale: "en-US", timeZone: "America/New_York", people: "names" };
export const stackOfPages = "nightshift-lab";

/** Runs the deployed job over these buckets to its end. */
export function runPages(buckets: Buckets, { services, ...options }: RunOptions = {}): Promise<StorageRun> {
  return runOverBuckets(buildPages, buckets, {
    ...options,
    services: { style: pagesStyle, stack: stackOfPages, ...services },
  });
}
