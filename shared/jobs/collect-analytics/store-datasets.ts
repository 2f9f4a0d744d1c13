import type { Items } from "../../runtime/items.ts";
import { appendCollectionFailure } from "./append-collection-failure.ts";
import { createFetchedQueries, queryIn } from "./fetched-queries.ts";
import type { AnalyticsServices } from "./services.ts";
import { storeDataset } from "./store-dataset.ts";

/**
 * Stores the datasets of queries that this or an earlier run fetched. One at a time, because a dataset of thousands of
 * users is large. Sends no API request.
 */
export async function storeDatasets(services: AnalyticsServices, account: string): Promise<Items<string>> {
  const fetched = await createFetchedQueries(services, account);
  return {
    concurrency: 1,
    from: (place) => fetched.names.slice(place),
    nameOf: groupIn,
    resultOf: ({ code }, name) => `${groupIn(name)} ${code}`,
    work: async (name, succeeded) => {
      const query = await fetched.readUnstored(name);
      if (!query) return;
      await storeDataset(services, account, query);
      await fetched.markStored(name);
      succeeded();
    },
    reportFailure: async (name, failure) => {
      const query = queryIn(name);
      if (query) await appendCollectionFailure(services, account, query, failure);
      else services.log.error("dataset collection failed", { name, ...failure.error.toJSON() });
      // Its days stay open, so that the query is sent again.
      await fetched.markStored(name);
    },
  };
}

function groupIn(name: string): string {
  return queryIn(name)?.group ?? name;
}
