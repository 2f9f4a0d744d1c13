import type { AnalyticsMetric } from "../../core/analytics/analytics-names.ts";
import {
  type AnalyticsQuery,
  analyticsHttpRequest,
  halvesOf,
  smallerQueries,
} from "../../core/analytics/analytics-query.ts";
import { hasCode, JobError } from "../../errors.ts";
import { fetchAnalytics, parseAnalyticsResponse } from "../../ringcentral/endpoints/analytics.ts";
import type { Items } from "../../runtime/items.ts";
import { appendCollectionFailure } from "./append-collection-failure.ts";
import { createDatasetBuffer } from "./dataset-buffer.ts";
import { fetchResponses } from "./fetch-responses.ts";
import type { DaysToCollect } from "./find-days-to-collect.ts";
import { readQueries } from "./queries.ts";
import { listRunQueries } from "./run-queries.ts";
import type { AnalyticsServices } from "./services.ts";

/** Most queries have one page: while S3 stores one, others must be running. */
const queryConcurrency = 48;

/**
 * Fetches the run's queries and stores their datasets. Each response is stored in the state bucket first, so that no kill
 * repeats its request; a failed query stays due. What it cannot store, the step `store` stores or reports as failed.
 */
export async function fetchQueries(
  services: AnalyticsServices,
  { account }: DaysToCollect,
): Promise<Items<AnalyticsQuery>> {
  const { state, run } = services;
  const { queries, metrics } = await readQueries(state, account, run.name);
  const runQueries = await listRunQueries(state, account, run.name);
  const buffer = createDatasetBuffer(services, account, runQueries);
  const fetch: FetchQuery = (query, succeeded) =>
    fetchResponses(services, { runQueries, buffer }, { account, query, metrics, succeeded });
  const divider = createDivider(services, account, fetch);
  return {
    concurrency: queryConcurrency,
    // Once in a slice: the pages of every query are stored already.
    maxUnsaved: Number.POSITIVE_INFINITY,
    save: buffer.store,
    from: (place) => queries.slice(place),
    nameOf: ({ group }) => group,
    groupOf: ({ group }) => group,
    resultOf: ({ code, details }, { group }) => [group, code, details.errorCode].filter(Boolean).join(" "),
    work: (query, succeeded) => divider.fetch(query, succeeded),
    reportFailure: async (query, failure) => {
      await appendCollectionFailure(services, account, { ...query, ...spanOf(failure.error) }, failure);
      // Else the step `store` would read its unusable page and report it again.
      if (isOfPage(failure.error)) await runQueries.markStored(query);
    },
    control: (done) => {
      const accepted = divider.lastAccepted() ?? done;
      return accepted && queryAgain(services, accepted, metrics);
    },
  };
}

type FetchQuery = (query: AnalyticsQuery, succeeded: () => void) => Promise<void>;

function isOfPage({ code }: JobError): boolean {
  return code === "API_BAD_RESPONSE" || code === "STORAGE_INVALID";
}

/** Fetches one key of a query that RingCentral has accepted before. */
async function queryAgain(
  { client, timeZone }: AnalyticsServices,
  query: AnalyticsQuery,
  metrics: readonly AnalyticsMetric[],
): Promise<void> {
  const request = analyticsHttpRequest({ ...query, perPage: 1 }, 1, { timeZone, metrics });
  parseAnalyticsResponse(await fetchAnalytics(client, request));
}

/** After this many refused single days of a group, and no accepted one, further days are not divided. */
const maxDaysRefused = 2;

/**
 * Divides a query that RingCentral refuses, or whose response is too large. Only the smallest failing queries count as
 * failed.
 */
function createDivider(services: AnalyticsServices, account: string, fetchWhole: FetchQuery) {
  const acceptedGroups = new Set<string>();
  let lastAccepted: AnalyticsQuery | undefined;
  const refusedGroups = new Map<string, number>();
  const isHopeless = ({ group }: AnalyticsQuery) =>
    !acceptedGroups.has(group) && (refusedGroups.get(group) ?? 0) >= maxDaysRefused;

  /** Divides by days, and by keys only if the response was too large: fewer keys do not fix a bad request. */
  const lesserOf = (query: AnalyticsQuery, { code }: JobError) =>
    code === "API_TOO_LARGE" ? smallerQueries(query, services.timeZone) : halvesOf(query);

  const fetch = async (query: AnalyticsQuery, succeeded: () => void): Promise<void> => {
    try {
      await fetchWhole(query, succeeded);
      acceptedGroups.add(query.group);
      lastAccepted = query;
    } catch (error) {
      if (!hasCode(error, "API_BAD_REQUEST", "API_TOO_LARGE")) throw error;
      const lesser = isHopeless(query) ? [] : lesserOf(query, error);
      if (lesser.length === 0) {
        refusedGroups.set(query.group, (refusedGroups.get(query.group) ?? 0) + 1);
        throw withSpan(error, query);
      }
      await fetchEach(lesser, succeeded);
    }
  };

  /** Fetches queries one by one. Appends all failures but the last, which it throws for the caller to append. */
  const fetchEach = async (queries: readonly AnalyticsQuery[], succeeded: () => void): Promise<void> => {
    let failure: JobError | undefined;
    for (const query of queries) {
      try {
        await fetch(query, succeeded);
      } catch (error) {
        if (!hasCode(error, "API_BAD_REQUEST", "API_TOO_LARGE")) throw error;
        const othersSucceeded = acceptedGroups.size > 0;
        if (failure)
          await appendCollectionFailure(
            services,
            account,
            { ...query, ...spanOf(failure) },
            { error: failure, othersSucceeded },
          );
        failure = error;
      }
    }
    if (failure) throw failure;
  };
  return { fetch, lastAccepted: () => lastAccepted };
}

function withSpan(
  { code, message, hint, retryable, details, cause }: JobError,
  { from, to }: AnalyticsQuery,
): JobError {
  return new JobError(code, message, { hint, retryable, details: { ...details, from, to }, cause });
}

function spanOf({ details: { from, to } }: JobError): Partial<Pick<AnalyticsQuery, "from" | "to">> {
  return typeof from === "string" && typeof to === "string" ? { from, to } : {};
}
