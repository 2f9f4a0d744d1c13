import type { Items } from "../../runtime/items.ts";
import { appendCollectionFailure } from "./append-collection-failure.ts";
import { askIn, createFetchedAsks } from "./fetched-queries.ts";
import type { AnalyticsServices } from "./services.ts";
import { storeDataset } from "./store-dataset.ts";

/**
 * What this run, and any that ended before it could, has fetched and nobody has stored. One at a time, for a dataset of
 * thousands of users is large. RingCentral is not asked for anything.
 */
export async function storeDatasets(s: AnalyticsServices, account: string): Promise<Items<string>> {
  const fetched = await createFetchedAsks(s, account);
  return {
    concurrency: 1,
    from: (place) => fetched.names.slice(place),
    nameOf: groupIn,
    resultOf: ({ code }, name) => `${groupIn(name)} ${code}`,
    work: async (name, succeeded) => {
      const ask = await fetched.readUnfiled(name);
      if (!ask) return;
      await storeDataset(s, account, ask);
      await fetched.markFiled(name);
      succeeded();
    },
    note: async (name, failure) => {
      const ask = askIn(name);
      if (ask) await appendCollectionFailure(s, account, ask, failure);
      else s.log.error("dataset collection failed", { name, ...failure.error.toJSON() });
      // Its days stay open: what it was fetched for is asked for again.
      await fetched.markFiled(name);
    },
  };
}

function groupIn(name: string): string {
  return askIn(name)?.group ?? name;
}
