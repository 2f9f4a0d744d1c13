import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { toBody } from "../../aws/bucket.ts";
import { type AnalyticsQuery, analyticsHttpRequest } from "../../core/analytics/analytics-query.ts";
import { forEachConcurrent } from "../../core/async/for-each-concurrent.ts";
import { stateKeys } from "../../core/object-keys.ts";
import { fetchAnalytics, parseAnalyticsResponse } from "../../ringcentral/endpoints/analytics.ts";
import { type FetchedQuery, readPage } from "./fetched-queries.ts";
import type { AnalyticsServices } from "./services.ts";

const gzipped = promisify(gzip);
/** More than RingCentral's rate limit, which then decides. */
const pageConcurrency = 64;

export interface QueryToFetch {
  readonly account: string;
  readonly query: AnalyticsQuery;
  /** Called for every page that arrived. */
  readonly succeeded: () => void;
}

/**
 * Fetches every page of a query and stores the responses unprocessed in the state bucket, so that nothing delays the next
 * request. Pages stored by an earlier slice are not fetched again.
 */
export async function fetchResponses(
  services: AnalyticsServices,
  { account, query, succeeded }: QueryToFetch,
): Promise<void> {
  const location = { account, run: services.run.name, query };
  if (await services.state.head(stateKeys.fetchedQuery(location))) return;
  const storedPages = new Map<string, Date>();
  for await (const { key, lastModified } of services.state.list(stateKeys.responsePagesPrefix(location)))
    storedPages.set(key, lastModified);
  const at = (storedPages.get(stateKeys.responsePage(location, 1)) ?? services.now()).toISOString();
  const fetchPage = async (page: number): Promise<string> => {
    const text = await fetchAnalytics(
      services.client,
      analyticsHttpRequest(query, page, { timeZone: services.timeZone, metrics: services.selectedMetrics }),
    );
    await services.state.put(stateKeys.responsePage(location, page), toBody(await gzipped(text)), "application/gzip");
    return text;
  };
  const isStored = (page: number) => storedPages.has(stateKeys.responsePage(location, page));
  const first = isStored(1) ? await readPage(services, location, 1) : parseAnalyticsResponse(await fetchPage(1));
  if (!isStored(1)) succeeded();
  const pages = Math.max(1, first.paging.totalPages);
  const others = Array.from({ length: pages - 1 }, (_, n) => n + 2).filter((page) => !isStored(page));
  await forEachConcurrent(others, pageConcurrency, async (page) => {
    await fetchPage(page);
    succeeded();
  });
  const fetched: FetchedQuery = { ...query, run: services.run.name, at, pages, metrics: [...services.selectedMetrics] };
  await services.state.put(stateKeys.fetchedQuery(location), toBody(JSON.stringify(fetched)), "application/json");
}
