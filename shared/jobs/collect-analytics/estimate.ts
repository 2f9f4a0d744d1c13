import type { Bucket } from "../../aws/bucket.ts";
import { analyticsAggregate } from "../../core/analytics/analytics-aggregate.ts";
import { type AnalyticsQuery, keysPerPage } from "../../core/analytics/analytics-query.ts";
import { costOfRun, type EstimatedCost, usage } from "../../core/aws-cost.ts";
import { type EstimatedRateLimit, minutesAtLeast } from "../../core/minutes-at-least.ts";
import { type Day, dayOf, daysBetween } from "../../core/time/days.ts";
import { readCachedAccount } from "../../storage/cached-account.ts";
import { createDayStore } from "../../storage/day-store.ts";
import { type DueDatasetsOptions, planRunQueries, readDueDatasets } from "./find-days-to-collect.ts";
import type { CollectRequest } from "./request.ts";
import { readUnstoredQueries } from "./run-queries.ts";

export interface AnalyticsEstimateOptions extends Omit<DueDatasetsOptions, "store"> {
  readonly state: Bucket;
}

/** Estimate of a run, from what S3 contains; numbers are lower bounds. */
export interface AnalyticsEstimate {
  readonly days: number;
  readonly firstDay: Day | undefined;
  readonly lastDay: Day | undefined;
  /** Light requests: one page per query. */
  readonly requestsAtLeast: number;
  readonly minutesAtLeast: number;
  readonly rateLimit: EstimatedRateLimit;
  readonly cost: EstimatedCost;
  /** Requests that cannot be known in advance. Empty: everything was counted. */
  readonly notCounted: readonly string[];
  /** Hints for the operator about the request. */
  readonly hints: readonly string[];
}

/**
 * RingCentral's default for the Light group. Runs do not cache the actual limit.
 * https://developers.ringcentral.com/guide/basics/rate-limits
 */
const rateLimit: EstimatedRateLimit = { requestsPerMinute: 50, isAssumed: true };

/** Estimates a run from S3 alone; sends RingCentral no request and writes nothing. */
export async function estimateAnalytics(
  options: AnalyticsEstimateOptions,
  request: CollectRequest,
): Promise<AnalyticsEstimate> {
  const today = dayOf(options.now, options.timeZone);
  const account = (await readCachedAccount(options.state))?.id ?? "";
  const aggregate = analyticsAggregate(options.rules);
  const store = createDayStore({ ...options, aggregate, account, run: { name: "" }, now: () => options.now });
  const { due, keysOf, errors } = await readDueDatasets({ ...options, store }, request);
  const queries = planRunQueries(due, request, { today, rules: options.rules });
  const unstored = await readUnstoredQueries(options.state, account);
  const certain = queries.filter((query) => !unstored.some((other) => overlaps(query, other)));
  const days = [...new Set(queries.flatMap(({ from, to }) => daysBetween(from, to)))].sort();
  const requests = certain.length;
  return {
    days: days.length,
    firstDay: days[0],
    lastDay: days.at(-1),
    requestsAtLeast: requests,
    minutesAtLeast: minutesAtLeast(requests, rateLimit),
    rateLimit,
    cost: costOfRun(usage.analyticsQuery, requests),
    notCounted: notCounted({ certain, uncertain: queries.length - requests, keysOf }),
    hints: [...errors].map(([day, { code, message }]) => `The run skips ${day}, ${code}: ${message}.`),
  };
}

/** True for queries of the same dataset that have a day in common. */
function overlaps(query: AnalyticsQuery, other: AnalyticsQuery): boolean {
  return (
    query.group === other.group && query.interval === other.interval && query.from < other.to && other.from < query.to
  );
}

interface Counted {
  readonly certain: readonly AnalyticsQuery[];
  /** Queries that an earlier run may have sent. */
  readonly uncertain: number;
  /** Keys of each group in its last collection. */
  readonly keysOf: ReadonlyMap<string, number>;
}

function notCounted({ certain, uncertain, keysOf }: Counted): string[] {
  const isSeen = certain.every(({ group }) => keysOf.has(group));
  const pages = certain.reduce((sum, query) => sum + pagesOf(query, keysOf.get(query.group) ?? 1), 0);
  const lastSeen = isSeen
    ? `with as many keys as last time, ${pages} API requests in all`
    : "their number is not known";
  return [
    ...(certain.length > 0
      ? [`Pages after the first, an API request each (queries: ${certain.length}): ${lastSeen}.`]
      : []),
    ...(uncertain > 0
      ? [`Missing pages of queries that an earlier run began before it was stopped (${uncertain}).`]
      : []),
  ];
}

function pagesOf({ from, to, interval }: AnalyticsQuery, keys: number): number {
  const isOneDay = daysBetween(from, to).length === 1;
  const perPage = keysPerPage[isOneDay && interval === "Day" ? "aggregation" : "timeline"];
  return Math.max(1, Math.ceil(keys / perPage));
}
