import { costOfRun, type EstimatedCost, usage } from "../../core/aws-cost.ts";
import type { Day } from "../../core/time/days.ts";
import { findDaysToBuild, type TablesBuckets } from "./find-days-to-build.ts";
import type { TablesRequest } from "./request.ts";

/** Estimate of a run from what S3 contains; exact unless another job's run ends meanwhile. */
export interface TablesEstimate {
  readonly days: number;
  readonly firstDay: Day | undefined;
  readonly lastDay: Day | undefined;
  readonly cost: EstimatedCost;
  /** Requested days that the run skips, because their tables are up to date. */
  readonly upToDate: readonly Day[];
  /** Requested days that the run skips, because no other job has archived them. */
  readonly notArchived: readonly Day[];
  /** Hints for the operator about the request. */
  readonly hints: readonly string[];
}

/** Estimates a run from S3 alone; writes nothing. */
export async function estimateTables(buckets: TablesBuckets, request: TablesRequest): Promise<TablesEstimate> {
  const found = await findDaysToBuild(buckets, request);
  const days = [...(found?.days ?? [])].sort();
  const upToDate = found?.upToDate ?? [];
  const archived = new Set([...days, ...upToDate]);
  const notArchived = request.days.filter((day) => !archived.has(day));
  return {
    days: days.length,
    firstDay: days[0],
    lastDay: days.at(-1),
    cost: costOfRun(usage.dayOfTables, days.length),
    upToDate,
    notArchived,
    hints: [
      ...(found ? [] : ["Start another job first: no job has archived anything yet."]),
      ...(upToDate.length > 0
        ? ['Add "rebuild": true to build the days in upToDate again; their tables are up to date.']
        : []),
      ...(notArchived.length > 0 ? ["Archive the days in notArchived first: the archive has no data of them."] : []),
    ],
  };
}
