import type { AnalyticsQuery } from "../../core/analytics/analytics-query.ts";
import { hasCode } from "../../errors.ts";
import type { Items } from "../../runtime/items.ts";
import { appendCollectionFailure } from "./append-collection-failure.ts";
import { type PlannedQueries, readQueries } from "./queries.ts";
import { damaged, missingPages, readFirstPage, readResponsePages } from "./response-pages.ts";
import { listRunQueries, listUnstoredRuns, markRunStored, type RunQueries } from "./run-queries.ts";
import type { AnalyticsServices } from "./services.ts";
import { storeDataset } from "./store-dataset.ts";

interface BegunQuery {
  readonly runQueries: RunQueries;
  readonly query: AnalyticsQuery;
}

/**
 * Stores the datasets of queries whose pages are all stored, of this run and of runs that ended early, then marks these runs.
 * One query at a time, because a dataset of thousands of users is large. Sends no API request.
 */
export async function storeDatasets(services: AnalyticsServices, account: string): Promise<Items<BegunQuery>> {
  const { state } = services;
  const runs: RunQueries[] = [];
  for (const run of await listUnstoredRuns(state, account)) runs.push(await listRunQueries(state, account, run));
  const queries = runs.flatMap((runQueries) => runQueries.begun.map((query) => ({ runQueries, query })));
  const readPlan = createPlanReader(services, account);
  return {
    concurrency: 1,
    from: (place) => queries.slice(place),
    nameOf: ({ query }) => query.group,
    resultOf: ({ code }, { query }) => `${query.group} ${code}`,
    work: async ({ runQueries, query }, succeeded) => {
      const { run } = runQueries;
      const firstStoredAt = runQueries.pagesOf(query).get(1);
      if (runQueries.isStored(query) || !firstStoredAt) return;
      const { zipped, pages } = await readFirstPage(services, { account, run, query });
      if (missingPages(runQueries, query, pages).length > 0) return;
      const { metrics } = await readPlan(run);
      const fetched = { ...query, run, at: firstStoredAt.toISOString(), pages, metrics };
      const held = new Map(zipped && [[1, zipped]]);
      await storeDataset(services, account, fetched, readResponsePages(services, account, fetched, held));
      await runQueries.markStored(query);
      succeeded();
    },
    reportFailure: async ({ runQueries, query }, failure) => {
      await appendCollectionFailure(services, account, query, failure);
      // Its days stay open, so that the query is sent again.
      await runQueries.markStored(query);
    },
    end: async () => {
      for (const { run } of runs) await markRunStored(state, account, run);
    },
  };
}

/** Reads each run's plan once. @throws STORAGE_INVALID when it is missing or damaged */
function createPlanReader({ state }: AnalyticsServices, account: string) {
  const plans = new Map<string, PlannedQueries>();
  return async (run: string): Promise<PlannedQueries> => {
    const plan = plans.get(run) ?? (await readQueries(state, account, run).catch(withoutInstruction));
    plans.set(run, plan);
    return plan;
  };

  /** The plan of a run that has ended is not needed: its queries are sent again. */
  function withoutInstruction(error: unknown): never {
    if (!hasCode(error, "STORAGE_INVALID")) throw error;
    throw damaged(String(error.details.key), error);
  }
}
