import { gunzipSync } from "node:zlib";
import * as z from "zod/mini";
import { type Bucket, toBody } from "../../aws/bucket.ts";
import { groups, metrics } from "../../core/analytics/analytics-names.ts";
import {
  type AnalyticsHttpRequest,
  type AnalyticsQuery,
  analyticsHttpRequest,
  intervals,
} from "../../core/analytics/analytics-query.ts";
import { prefetch } from "../../core/async/prefetch.ts";
import { type QueryLocation, stateKeys } from "../../core/object-keys.ts";
import { isDay } from "../../core/time/days.ts";
import { JobError } from "../../errors.ts";
import { type AnalyticsResponse, parseAnalyticsResponse } from "../../ringcentral/endpoints/analytics.ts";
import { storedJson } from "../../storage/stored-json.ts";
import type { AnalyticsServices } from "./services.ts";

/** A query whose pages are all stored in the state bucket. */
export const FetchedQuery = z.object({
  run: z.string(),
  group: z.enum(groups),
  interval: z.enum(intervals),
  from: z.string(),
  to: z.string(),
  perPage: z.optional(z.int().check(z.positive())),
  /** Time of the request for the first page, ISO 8601. */
  at: z.string(),
  pages: z.int().check(z.positive()),
  /** The requested metrics; the settings may have changed since. */
  metrics: z.array(z.enum(metrics)),
});
export type FetchedQuery = z.infer<typeof FetchedQuery>;

/** A response with its request. */
export interface ResponsePage {
  readonly request: AnalyticsHttpRequest;
  readonly response: AnalyticsResponse;
}

/** Pages have some megabytes: one is processed while the next is read. */
const prefetchedPages = 2;
/** A page that unpacks to more was not written by a run. */
const maxPageBytes = 64 * 1024 * 1024;

/** Queries fetched by this run, or by an earlier run that ended before it stored them. */
export interface FetchedQueries {
  /** Names of all fetched queries, stored or not, in the order of their keys. */
  readonly names: readonly string[];
  /** Returns the query; undefined if it is stored. @throws STORAGE_INVALID when it is damaged */
  readonly readUnstored: (name: string) => Promise<FetchedQuery | undefined>;
  readonly markStored: (name: string) => Promise<void>;
}

/** Lists the account's fetched queries of all runs, and which of them are stored. */
export async function createFetchedQueries({ state }: AnalyticsServices, account: string): Promise<FetchedQueries> {
  const storedNames = new Set(await namesUnder(state, stateKeys.storedQueriesPrefix(account)));
  return {
    names: await namesUnder(state, stateKeys.fetchedQueriesPrefix(account)),
    readUnstored: async (name) => {
      if (storedNames.has(name)) return undefined;
      const key = `${stateKeys.fetchedQueriesPrefix(account)}${name}`;
      const stored = await state.get(key);
      const parsed = FetchedQuery.safeParse(stored && storedJson(stored.body));
      if (parsed.success) return parsed.data;
      throw damaged(key, parsed.error);
    },
    markStored: async (name) => {
      await state.put(`${stateKeys.storedQueriesPrefix(account)}${name}`, toBody("{}"), "application/json");
    },
  };
}

/** Returns the queries that were fetched and not stored; the next run starts with them. */
export async function readUnstoredQueries(state: Bucket, account: string): Promise<AnalyticsQuery[]> {
  const storedNames = new Set(await namesUnder(state, stateKeys.storedQueriesPrefix(account)));
  const fetched = await namesUnder(state, stateKeys.fetchedQueriesPrefix(account));
  return fetched.filter((name) => !storedNames.has(name)).flatMap((name) => queryIn(name) ?? []);
}

async function namesUnder(bucket: Bucket, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { key } of bucket.list(prefix)) names.push(key.slice(prefix.length));
  return names;
}

/**
 * Yields the pages of a fetched query in order.
 * @throws API_BAD_RESPONSE when a page is invalid, STORAGE_INVALID when it is damaged
 */
export async function* readResponsePages(
  services: AnalyticsServices,
  account: string,
  query: FetchedQuery,
): AsyncGenerator<ResponsePage> {
  const numbers = Array.from({ length: query.pages }, (_, n) => n + 1);
  yield* prefetch(numbers, prefetchedPages, async (page) => ({
    request: analyticsHttpRequest(query, page, { timeZone: services.timeZone, metrics: query.metrics }),
    response: await readPage(services, { account, run: query.run, query }, page),
  }));
}

/**
 * Reads one stored page of a query's response. @throws STORAGE_FAILED; API_BAD_RESPONSE when the page is missing or
 * damaged
 */
export async function readPage(
  { state }: AnalyticsServices,
  location: QueryLocation,
  page: number,
): Promise<AnalyticsResponse> {
  const key = stateKeys.responsePage(location, page);
  const stored = await state.get(key);
  return parseAnalyticsResponse(stored ? unzipped(stored.body, key) : "");
}

function unzipped(body: Buffer, key: string): string {
  try {
    return gunzipSync(body, { maxOutputLength: maxPageBytes }).toString();
  } catch (cause) {
    throw damaged(key, cause);
  }
}

function damaged(key: string, cause: unknown): JobError {
  return new JobError("STORAGE_INVALID", `${key} is damaged`, {
    cause,
    details: { key },
    hint: "No action: the next run queries RingCentral again.",
  });
}

/**
 * Returns the query in a name of the form `<run>/<group>-<interval>-<from>-<to>[-<keys per page>].json`; undefined if
 * there is none.
 */
export function queryIn(name: string): AnalyticsQuery | undefined {
  const [, group, interval, from, to] =
    /\/(\w+)-(\w+)-(\d{4}-\d\d-\d\d)-(\d{4}-\d\d-\d\d)(?:-\d+)?\.json$/.exec(name) ?? [];
  const query = QueryInName.safeParse({ group, interval, from, to });
  return query.success ? query.data : undefined;
}

const QueryInName = z.object({
  group: z.enum(groups),
  interval: z.enum(intervals),
  from: z.string().check(z.refine(isDay)),
  to: z.string().check(z.refine(isDay)),
});
