import { costOfRun, type EstimatedCost, usage } from "../../core/aws-cost.ts";
import type { Day } from "../../core/time/days.ts";
import { findBuildIndex } from "../../storage/build-index.ts";
import { readCachedAccount } from "../../storage/cached-account.ts";
import type { StorageServices } from "../../wiring/storage-services.ts";
import { findPagesIndex } from "./pages-index.ts";
import type { PagesRequest } from "./request.ts";
import { tablesVersion } from "./tables-version.ts";

/** Estimate of a run from the build indexes. */
export interface PagesEstimate {
  /** Days whose tables the run reads. */
  readonly days: number;
  readonly cost: EstimatedCost;
  /** Requested days that have no tables. */
  readonly withoutTables: readonly Day[];
  readonly hints: readonly string[];
}

/** Estimates a run from the build indexes alone; writes nothing. */
export async function estimatePages(
  { state, derived }: Pick<StorageServices, "state" | "derived">,
  request: PagesRequest,
): Promise<PagesEstimate> {
  const account = (await readCachedAccount(state))?.id ?? "";
  const [tables, pages] = await Promise.all([findBuildIndex(derived, account), findPagesIndex(derived, account)]);
  const changed = [...tables.days].filter(([day, built]) => pages.days.get(day)?.tables !== tablesVersion(built));
  const days = new Set([...changed.map(([day]) => day), ...request.days.filter((day) => tables.days.has(day))]);
  const withoutTables = request.days.filter((day) => !tables.days.has(day));
  return {
    days: days.size,
    cost: costOfRun(usage.dayOfPages, days.size),
    withoutTables,
    hints: withoutTables.length > 0 ? ["Run build-tables first: the days in withoutTables have no tables."] : [],
  };
}
