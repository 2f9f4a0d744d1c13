import type { Bucket } from "../aws/bucket.ts";
import type { Day } from "../core/days.ts";
import { findDays } from "./find-days.ts";
import type { TablesRequest } from "./request.ts";

/** What a run would do, from what S3 knows already. */
export interface Estimate {
  readonly days: number;
  readonly firstDay: Day | undefined;
  readonly lastDay: Day | undefined;
}

export async function estimateTables(
  buckets: { readonly archive: Bucket; readonly state: Bucket },
  request: TablesRequest,
): Promise<Estimate> {
  const days = [...((await findDays(buckets, request))?.days ?? [])].sort();
  return { days: days.length, firstDay: days[0], lastDay: days.at(-1) };
}
