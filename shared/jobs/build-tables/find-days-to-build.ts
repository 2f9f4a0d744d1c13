import type { Day } from "../../core/time/days.ts";
import { findBuildIndex } from "../../storage/build-index.ts";
import { readCachedAccount } from "../../storage/cached-account.ts";
import type { StorageServices } from "../../wiring/storage-services.ts";
import { areAsWritten, listTables } from "./listed-tables.ts";
import type { TablesRequest } from "./request.ts";
import { isSourceOf, listSources } from "./source-version.ts";

/** The days of a run; stored as a step's result. */
export interface DaysToBuild {
  readonly account: string;
  /** In the order of building. */
  readonly days: readonly Day[];
  /** True to build days again whose manifests have not changed. */
  readonly rebuild: boolean;
}

export interface FoundDays extends DaysToBuild {
  /** Requested days that are skipped, because their tables are up to date. */
  readonly upToDate: readonly Day[];
}

export type TablesBuckets = Pick<StorageServices, "archive" | "state" | "derived">;

/**
 * Finds the days whose manifests changed since their tables were built, or whose tables are not as they were written.
 * Undefined if no run has identified an account yet. Costs LIST requests and the build index.
 */
export async function findDaysToBuild(
  { archive, state, derived }: TablesBuckets,
  { days: requestedDays, rebuild }: TablesRequest,
): Promise<FoundDays | undefined> {
  const account = (await readCachedAccount(state))?.id;
  if (account === undefined) return undefined;
  const [{ days: built }, manifests, tables] = await Promise.all([
    findBuildIndex(derived, account),
    listSources(archive, account),
    listTables(derived),
  ]);
  const isDue = (day: Day) => {
    const known = built.get(day);
    return !known || !isSourceOf(known.source, manifests, day) || !areAsWritten(known.tables, tables.get(day));
  };
  const first = new Set(requestedDays.filter((day) => manifests.has(day) && (rebuild || isDue(day))));
  // The newest first, because they are queried most.
  const rest = [...manifests.keys()].filter(
    (day) => !first.has(day) && ((rebuild && requestedDays.length === 0) || isDue(day)),
  );
  const upToDate = requestedDays.filter((day) => manifests.has(day) && !first.has(day));
  return { account, days: [...first, ...rest.sort().reverse()], rebuild, upToDate };
}
