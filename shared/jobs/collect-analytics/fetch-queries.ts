import {
  type AnalyticsQuery,
  analyticsHttpRequest,
  halvesOf,
  smallerQueries,
} from "../../core/analytics/analytics-query.ts";
import { JobError } from "../../errors.ts";
import { fetchAnalytics, parseAnalyticsResponse } from "../../ringcentral/endpoints/analytics.ts";
import type { Items } from "../../runtime/items.ts";
import { appendCollectionFailure } from "./append-collection-failure.ts";
import { fetchResponses } from "./fetch-responses.ts";
import type { DaysToCollect } from "./find-days-to-collect.ts";
import { readQueries } from "./queries.ts";
import type { AnalyticsServices } from "./services.ts";

/** Most are of one page: what S3 takes for each must not keep the next from being sent. */
const queryConcurrency = 48;

/** The run's queries; their responses are kept in the state bucket. What fails stays due, and its days say why. */
export async function fetchQueries(
  services: AnalyticsServices,
  { account }: DaysToCollect,
): Promise<Items<AnalyticsQuery>> {
  const queries = await readQueries(services, account);
  const divider = createDivider(services, account);
  return {
    concurrency: queryConcurrency,
    from: (place) => queries.slice(place),
    nameOf: ({ group }) => group,
    groupOf: ({ group }) => group,
    resultOf: ({ code, details }, { group }) => [group, code, details.errorCode].filter(Boolean).join(" "),
    work: (query, succeeded) => divider.fetch(query, succeeded),
    reportFailure: (query, failure) =>
      appendCollectionFailure(services, account, { ...query, ...spanOf(failure.error) }, failure),
    control: (done) => {
      const acceptedGroups = divider.lastAnswered() ?? done;
      return acceptedGroups && queryAgain(services, acceptedGroups);
    },
  };
}

/** One key of a query that was answered before. */
async function queryAgain(
  { client, timeZone, selectedMetrics }: AnalyticsServices,
  query: AnalyticsQuery,
): Promise<void> {
  const request = analyticsHttpRequest({ ...query, perPage: 1 }, 1, { timeZone, metrics: selectedMetrics });
  parseAnalyticsResponse(await fetchAnalytics(client, request));
}

/** So many single days that RingCentral gives no usable answer to, and none that it does: it gives none for any day of the group. */
const maxDaysRefused = 2;

/** Asks for less where RingCentral does not answer for a whole span, or answers with too much: only a part that fails then has failed. */
function createDivider(services: AnalyticsServices, account: string) {
  const acceptedGroups = new Set<string>();
  let lastAnswered: AnalyticsQuery | undefined;
  const refusedGroups = new Map<string, number>();
  const isHopeless = ({ group }: AnalyticsQuery) =>
    !acceptedGroups.has(group) && (refusedGroups.get(group) ?? 0) >= maxDaysRefused;

  /** What RingCentral does not understand of one day, it does not understand of fewer keys, either. */
  const lesserOf = (query: AnalyticsQuery, { code }: JobError) =>
    code === "API_TOO_LARGE" ? lesserQueries(query, services.timeZone) : halvesOf(query);

  const fetch = async (query: AnalyticsQuery, succeeded: () => void): Promise<void> => {
    try {
      await fetchResponses(services, { account, query, succeeded });
      acceptedGroups.add(query.group);
      lastAnswered = query;
    } catch (error) {
      if (!isTooMuch(error)) throw error;
      const lesser = isHopeless(query) ? [] : lesserOf(query, error);
      if (lesser.length === 0) {
        refusedGroups.set(query.group, (refusedGroups.get(query.group) ?? 0) + 1);
        throw withSpan(error, query);
      }
      await fetchEach(lesser, succeeded);
    }
  };

  /** The caller notes one failure; any other is noted here. */
  const fetchEach = async (queries: readonly AnalyticsQuery[], succeeded: () => void): Promise<void> => {
    let failure: JobError | undefined;
    for (const query of queries) {
      try {
        await fetch(query, succeeded);
      } catch (error) {
        if (!isTooMuch(error)) throw error;
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
  return { fetch, lastAnswered: () => lastAnswered };
}

function isTooMuch(error: unknown): error is JobError {
  return error instanceof JobError && (error.code === "API_BAD_REQUEST" || error.code === "API_TOO_LARGE");
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
