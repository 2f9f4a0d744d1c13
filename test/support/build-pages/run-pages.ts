import { buildPages } from "../../../shared/jobs/build-pages/build-pages.ts";
import { type Buckets, type RunOptions, runOverBuckets, type StorageRun } from "../runtime/run-over-buckets.ts";

/** Runs the deployed job over these buckets to its end. */
export function runPages(buckets: Buckets, { services, ...options }: RunOptions = {}): Promise<StorageRun> {
  const style = { locale: "en-US", timeZone: "America/New_York", people: "names" };
  return runOverBuckets(buildPages, buckets, {
    ...options,
    services: { style, stack: "nightshift-lab", ...services },
  });
}
