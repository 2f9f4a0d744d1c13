import { gunzipSync } from "node:zlib";
import type { AnalyticsMetric } from "../../core/analytics/analytics-names.ts";
import {
  type AnalyticsHttpRequest,
  type AnalyticsQuery,
  analyticsHttpRequest,
} from "../../core/analytics/analytics-query.ts";
import { prefetch } from "../../core/async/prefetch.ts";
import { type QueryLocation, stateKeys } from "../../core/object-keys.ts";
import { JobError } from "../../errors.ts";
import { type AnalyticsResponse, parseAnalyticsResponse } from "../../ringcentral/endpoints/analytics.ts";
import type { RunQueries } from "./run-queries.ts";
import type { AnalyticsServices } from "./services.ts";

/** A query whose response pages are all stored in the state bucket. */
export interface FetchedQuery extends AnalyticsQuery {
  readonly run: string;
  /** Time of the request for the first page, ISO 8601. */
  readonly at: string;
  readonly pages: number;
  /** The requested metrics. */
  readonly metrics: readonly AnalyticsMetric[];
}

/** A response with its request. */
export interface ResponsePage {
  readonly request: AnalyticsHttpRequest;
  readonly response: AnalyticsResponse;
}

/** Pages have some megabytes: one is processed while the next is read. */
const prefetchedPages = 2;
/** A page that unpacks to more was not written by a run. */
const maxPageBytes = 64 * 1024 * 1024;

type PageServices = Pick<AnalyticsServices, "state" | "timeZone">;

/**
 * Yields the pages of a fetched query in order, those in `held` (gzipped, by number) without reading them from S3.
 * @throws API_BAD_RESPONSE when a page is missing or invalid, STORAGE_INVALID when it is damaged; STORAGE_FAILED
 */
export async function* readResponsePages(
  { state, timeZone }: PageServices,
  account: string,
  query: FetchedQuery,
  held: ReadonlyMap<number, Buffer> = new Map(),
): AsyncGenerator<ResponsePage> {
  const location = { account, run: query.run, query };
  const numbers = Array.from({ length: query.pages }, (_, n) => n + 1);
  const zippedPages = prefetch(numbers, prefetchedPages, async (page) => ({
    page,
    zipped: held.get(page) ?? (await readZippedPage(state, location, page)),
  }));
  for await (const { page, zipped } of zippedPages) {
    const request = analyticsHttpRequest(query, page, { timeZone, metrics: query.metrics });
    yield { request, response: parsePage(zipped, location, page) };
  }
}

/** A stored first page: its gzipped bytes, and the number of pages that it says. */
export interface FirstPage {
  readonly zipped: Buffer | undefined;
  readonly pages: number;
}

/**
 * Reads the stored first page of a query's response.
 * @throws API_BAD_RESPONSE when it is missing or invalid, STORAGE_INVALID when it is damaged; STORAGE_FAILED
 */
export async function readFirstPage({ state }: PageServices, location: QueryLocation): Promise<FirstPage> {
  const zipped = await readZippedPage(state, location, 1);
  return { zipped, pages: pageCount(parsePage(zipped, location, 1)) };
}

export function pageCount({ paging }: AnalyticsResponse): number {
  return Math.max(1, paging.totalPages);
}

/** Returns the numbers of the pages that are not stored, of `pages` in all. */
export function missingPages(runQueries: RunQueries, query: AnalyticsQuery, pages: number): readonly number[] {
  const stored = runQueries.pagesOf(query);
  return Array.from({ length: pages }, (_, n) => n + 1).filter((page) => !stored.has(page));
}

async function readZippedPage(state: PageServices["state"], location: QueryLocation, page: number) {
  return (await state.get(stateKeys.responsePage(location, page)))?.body;
}

function parsePage(zipped: Buffer | undefined, location: QueryLocation, page: number): AnalyticsResponse {
  return parseAnalyticsResponse(zipped ? unzipped(zipped, stateKeys.responsePage(location, page)) : "");
}

function unzipped(body: Buffer, key: string): string {
  try {
    return gunzipSync(body, { maxOutputLength: maxPageBytes }).toString();
  } catch (cause) {
    throw damaged(key, cause);
  }
}

/** The error of a damaged object of an earlier slice or run, whose query is sent again. */
export function damaged(key: string, cause: unknown): JobError {
  return new JobError("STORAGE_INVALID", `${key} is damaged`, {
    cause,
    details: { key },
    hint: "No action: the next run queries RingCentral again.",
  });
}
