import type { Bucket } from "../../aws/bucket.ts";
import type { Day } from "../../core/time/days.ts";
import { findDaysToBuild } from "./find-days-to-build.ts";
import type { TablesRequest } from "./request.ts";

/** What a run would do, by what S3 knows: exactly, unless another job's run ends meanwhile. */
export interface TablesEstimate {
  readonly days: number;
  readonly firstDay: Day | undefined;
  readonly lastDay: Day | undefined;
  /** Requested days that the run leaves out, because their tables are up to date. */
  readonly upToDate: readonly Day[];
  /** Requested days that the run leaves out, because no other job has archived anything of them. */
  readonly notArchived: readonly Day[];
  /** What the operator may want to do about the request. */
  readonly hints: readonly string[];
}

export async function estimateTables(
  buckets: { readonly archive: Bucket; readonly state: Bucket },
  request: TablesRequest,
): Promise<TablesEstimate> {
  const found = await findDaysToBuild(buckets, request);
  const days = [...(found?.days ?? [])].sort();
  const upToDate = found?.upToDate ?? [];
  const archived = new Set([...days, ...upToDate]);
  const notArchived = request.days.filter((day) => !archived.has(day));
  return {
    ...{ days: days.length, firstDay: days[0], lastDay: days.at(-1), upToDate, notArchived },
    hints: [
      ...(found ? [] : ["Nothing can be built yet: no other job has run."]),
      ...(upToDate.length > 0 ? ['The days in upToDate need nothing: add "rebuild": true to build them again.'] : []),
      ...(notArchived.length > 0
        ? ["Nothing lies in the archive of the days in notArchived: archive them first."]
        : []),
    ],
  };
}
