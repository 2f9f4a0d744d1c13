import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { toBody } from "../../aws/bucket.ts";
import { type AnalyticsQuery, analyticsHttpRequest } from "../../core/analytics/analytics-query.ts";
import { forEachConcurrent } from "../../core/async/for-each-concurrent.ts";
import { stateKeys } from "../../core/object-keys.ts";
import { fetchAnalytics, parseAnalytics } from "../../ringcentral/endpoints/analytics.ts";
import { type FetchedAsk, readPage } from "./fetched-queries.ts";
import type { AnalyticsServices } from "./services.ts";

const gzipped = promisify(gzip);
/** More than RingCentral allows at once: as many as it does. */
const pagesAtOnce = 64;

export interface AskToFetch {
  readonly account: string;
  readonly ask: AnalyticsQuery;
  /** Called for every page that came. */
  readonly succeeded: () => void;
}

/**
 * Asks for every page of an ask and keeps the answers in the state bucket as they come: nothing else is done with them while
 * the rate window may be used. What a slice before this one has kept is not asked for again.
 */
export async function fetchAnswers(s: AnalyticsServices, { account, ask, succeeded }: AskToFetch): Promise<void> {
  const of = { account, run: s.run.name, ask };
  if (await s.state.head(stateKeys.analyticsFetched(of))) return;
  const there = new Map<string, Date>();
  for await (const { key, lastModified } of s.state.list(stateKeys.analyticsPages(of))) there.set(key, lastModified);
  const at = (there.get(stateKeys.analyticsPage(of, 1)) ?? s.now()).toISOString();
  const fetchPage = async (page: number): Promise<string> => {
    const text = await fetchAnalytics(
      s.client,
      analyticsHttpRequest(ask, page, { timeZone: s.timeZone, metrics: s.selectedMetrics }),
    );
    await s.state.put(stateKeys.analyticsPage(of, page), toBody(await gzipped(text)), "application/gzip");
    return text;
  };
  const isThere = (page: number) => there.has(stateKeys.analyticsPage(of, page));
  const first = isThere(1) ? await readPage(s, of, 1) : parseAnalytics(await fetchPage(1));
  if (!isThere(1)) succeeded();
  const pages = Math.max(1, first.paging.totalPages);
  const others = Array.from({ length: pages - 1 }, (_, n) => n + 2).filter((page) => !isThere(page));
  await forEachConcurrent(others, pagesAtOnce, async (page) => {
    await fetchPage(page);
    succeeded();
  });
  const fetched: FetchedAsk = { ...ask, run: s.run.name, at, pages, metrics: [...s.selectedMetrics] };
  await s.state.put(stateKeys.analyticsFetched(of), toBody(JSON.stringify(fetched)), "application/json");
}
