import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { toBody } from "../../aws/bucket.ts";
import type { AnalyticsMetric } from "../../core/analytics/analytics-names.ts";
import { type AnalyticsQuery, analyticsHttpRequest } from "../../core/analytics/analytics-query.ts";
import { forEachConcurrent } from "../../core/async/for-each-concurrent.ts";
import { type QueryLocation, stateKeys } from "../../core/object-keys.ts";
import { fetchAnalytics, parseAnalyticsResponse } from "../../ringcentral/endpoints/analytics.ts";
import type { DatasetBuffer } from "./dataset-buffer.ts";
import { missingPages, pageCount, readFirstPage } from "./response-pages.ts";
import type { RunQueries } from "./run-queries.ts";
import type { AnalyticsServices } from "./services.ts";

const gzipped = promisify(gzip);
/** More than RingCentral's rate limit, which then decides. */
const pageConcurrency = 64;

export interface QueryToFetch {
  readonly account: string;
  readonly query: AnalyticsQuery;
  readonly metrics: readonly AnalyticsMetric[];
  /** Called for every page that arrived. */
  readonly succeeded: () => void;
}

/**
 * Fetches every page of a query, stores the responses unprocessed in the state bucket, and adds the query to the buffer.
 * Pages stored by an earlier slice are not fetched again.
 */
export async function fetchResponses(
  services: AnalyticsServices,
  { runQueries, buffer }: { readonly runQueries: RunQueries; readonly buffer: DatasetBuffer },
  { account, query, metrics, succeeded }: QueryToFetch,
): Promise<void> {
  if (runQueries.isStored(query)) return;
  const location: QueryLocation = { account, run: services.run.name, query };
  const firstStoredAt = runQueries.pagesOf(query).get(1);
  const at = (firstStoredAt ?? services.now()).toISOString();

  const fetchPage = async (page: number): Promise<string> => {
    const request = analyticsHttpRequest(query, page, { timeZone: services.timeZone, metrics });
    const text = await fetchAnalytics(services.client, request);
    const zipped = await gzipped(text);
    await services.state.put(stateKeys.responsePage(location, page), toBody(zipped), "application/gzip");
    buffer.hold(query, page, zipped);
    return text;
  };

  const readStored = async (): Promise<number> => {
    const { zipped, pages } = await readFirstPage(services, location);
    if (zipped) buffer.hold(query, 1, zipped);
    return pages;
  };

  const fetchFirst = async (): Promise<number> => {
    const text = await fetchPage(1);
    const pages = pageCount(parseAnalyticsResponse(text));
    succeeded();
    return pages;
  };

  const pages = await (firstStoredAt ? readStored() : fetchFirst());
  const others = missingPages(runQueries, query, pages).filter((page) => page > 1);
  await forEachConcurrent(others, pageConcurrency, async (page) => {
    await fetchPage(page);
    succeeded();
  });
  buffer.add({ ...query, run: services.run.name, at, pages, metrics });
}
