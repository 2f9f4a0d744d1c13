import { costOfRun, type EstimatedCost, usage } from "../../core/aws-cost.ts";
import { createCallCount } from "../../core/figures/count-calls.ts";
import { createRecordingCount } from "../../core/figures/count-recordings.ts";
import type { Day } from "../../core/time/days.ts";
import { type BuiltDay, findBuildIndex } from "../../storage/build-index.ts";
import { readCachedAccount } from "../../storage/cached-account.ts";
import { findChangedDays } from "./find-changed-days.ts";
import { findDuePages, type PlanServices } from "./find-due-pages.ts";
import { findPagesIndex, type IndexedDay } from "./pages-index.ts";
import type { PagesRequest } from "./request.ts";
import { tablesVersion } from "./tables-version.ts";

/** Estimate of a run, by the same plan. */
export interface PagesEstimate {
  /** Days whose tables the run reads. */
  readonly days: number;
  /** Pages that it writes; fewer if changed tables show the same. */
  readonly pages: number;
  readonly cost: EstimatedCost;
  /** Requested days that have no tables. */
  readonly withoutTables: readonly Day[];
  readonly hints: readonly string[];
}

/** Plans a run without reading a table; writes nothing. */
export async function estimatePages(services: PlanServices, request: PagesRequest): Promise<PagesEstimate> {
  const account = (await readCachedAccount(services.state))?.id;
  const { tables, days, pages } = account === undefined ? nothing : await planRun(services, account, request.days);
  const withoutTables = request.days.filter((day) => !tables.has(day));
  return {
    days,
    pages,
    cost: costOfRun(usage.dayOfPages, days),
    withoutTables,
    hints: withoutTables.length > 0 ? ["Run build-tables first: the days in withoutTables have no tables."] : [],
  };
}

/** Without an account the run ends at once. */
const nothing = { tables: new Map<Day, BuiltDay>(), days: 0, pages: 0 };

async function planRun(services: PlanServices, account: string, requestedDays: readonly Day[]) {
  const { derived } = services;
  const [{ days: tables }, index] = await Promise.all([
    findBuildIndex(derived, account),
    findPagesIndex(derived, account),
  ]);
  const changed = await findChangedDays(services, account, requestedDays);
  const toRead = changed.flatMap((day) => {
    const built = tables.get(day);
    return built ? [[day, expected(built, index.days.get(day))] as const] : [];
  });
  const due = await findDuePages(services, account, requestedDays, new Map(toRead));
  return { tables, days: toRead.length, pages: due.length };
}

/** Tables that have not changed give the same figures; those of others are not known yet, and differ from any. */
function expected(built: BuiltDay, known: IndexedDay | undefined): IndexedDay {
  const version = tablesVersion(built);
  if (known?.tables === version) return known;
  return {
    tables: version,
    digest: { calls: createCallCount().figures(), recordings: createRecordingCount().figures() },
    figures: { etag: "", bytes: 0, sha256: "not read yet" },
    hasCalls: built.tables.has("calls"),
  };
}
