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
/** More than RingCentral allows at once: as many as it does. */
const pageConcurrency = 64;

export interface QueryToFetch {
  readonly account: string;
  readonly query: AnalyticsQuery;
  /** Called for every page that came. */
  readonly succeeded: () => void;
}

/**
 * Asks for every page of a query and keeps the responses in the state bucket as they come: nothing else is done with them while
 * the rate window may be used. What a slice before this one has kept is not asked for again.
 */
export async function fetchResponses(
  services: AnalyticsServices,
  { account, query, succeeded }: QueryToFetch,
): Promise<void> {
  const of = { account, run: services.run.name, query };
  if (await services.state.head(stateKeys.fetchedQuery(of))) return;
  const there = new Map<string, Date>();
  for await (const { key, lastModified } of services.state.list(stateKeys.responsePagesPrefix(of)))
    there.set(key, lastModified);
  const at = (there.get(stateKeys.responsePage(of, 1)) ?? services.now()).toISOString();
  const fetchPage = async (page: number): Promise<string> => {
    const text = await fetchAnalytics(
      services.client,
      analyticsHttpRequest(query, page, { timeZone: services.timeZone, metrics: services.selectedMetrics }),
    );
    await services.state.put(stateKeys.responsePage(of, page), toBody(await gzipped(text)), "application/gzip");
    return text;
  };
  const isThere = (page: number) => there.has(stateKeys.responsePage(of, page));
  const first = isThere(1) ? await readPage(services, of, 1) : parseAnalyticsResponse(await fetchPage(1));
  if (!isThere(1)) succeeded();
  const pages = Math.max(1, first.paging.totalPages);
  const others = Array.from({ length: pages - 1 }, (_, n) => n + 2).filter((page) => !isThere(page));
  await forEachConcurrent(others, pageConcurrency, async (page) => {
    await fetchPage(page);
    succeeded();
  });
  const fetched: FetchedQuery = { ...query, run: services.run.name, at, pages, metrics: [...services.selectedMetrics] };
  await services.state.put(stateKeys.fetchedQuery(of), toBody(JSON.stringify(fetched)), "application/json");
}
