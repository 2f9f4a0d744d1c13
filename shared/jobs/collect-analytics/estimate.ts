import { type AnalyticsQuery, keysPerPage } from "../../core/analytics/analytics-query.ts";
import { type EstimatedRateLimit, minutesAtLeast } from "../../core/minutes-at-least.ts";
import { type Day, dayOf, daysBetween } from "../../core/time/days.ts";
import { readCachedAccount } from "../../storage/cached-account.ts";
import { readUnstoredQueries } from "./fetched-queries.ts";
import { type DueDatasetsOptions, planRunQueries, readDueDatasets } from "./find-days-to-collect.ts";
import type { CollectRequest } from "./request.ts";

export type AnalyticsEstimateOptions = Omit<DueDatasetsOptions, "account">;

/** What a run would do, as far as S3 knows; the figures are lower bounds. */
export interface AnalyticsEstimate {
  readonly days: number;
  readonly firstDay: Day | undefined;
  readonly lastDay: Day | undefined;
  /** Light requests at RingCentral for analytics: one page for each query. */
  readonly requestsAtLeast: number;
  readonly minutesAtLeast: number;
  readonly rateLimit: EstimatedRateLimit;
  /** What the run also asks for, and nobody can know before. Empty: everything was counted. */
  readonly notCounted: readonly string[];
  /** What the operator may want to know besides. */
  readonly hints: readonly string[];
}

/** RingCentral's default for the Light group (guide: rate limits); no run notes what it was told. */
const rateLimit: EstimatedRateLimit = { requestsPerMinute: 50, isAssumed: true };

export async function estimateAnalytics(
  options: AnalyticsEstimateOptions,
  request: CollectRequest,
): Promise<AnalyticsEstimate> {
  const today = dayOf(options.now, options.timeZone);
  const account = (await readCachedAccount(options.state))?.id ?? "";
  const { due, keysOf, errors } = await readDueDatasets({ ...options, account }, request);
  const queries = planRunQueries(due, request, { today, rules: options.rules });
  const unfiled = await readUnstoredQueries(options.state, account);
  const certain = queries.filter((query) => !unfiled.some((other) => overlaps(query, other)));
  const days = [...new Set(queries.flatMap(({ from, to }) => daysBetween(from, to)))].sort();
  const requests = certain.length;
  return {
    ...{ days: days.length, firstDay: days[0], lastDay: days.at(-1) },
    ...{ requestsAtLeast: requests, minutesAtLeast: minutesAtLeast(requests, rateLimit), rateLimit },
    notCounted: notCounted({ certain, uncertain: queries.length - requests, keysOf }),
    hints: [...errors].map(([day, { code, message }]) => `The run leaves out ${day}, ${code}: ${message}.`),
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
  /** Queries that an earlier run may have sent already. */
  readonly uncertain: number;
  /** How many keys each group was last seen to have. */
  readonly keysOf: ReadonlyMap<string, number>;
}

function notCounted({ certain, uncertain, keysOf }: Counted): string[] {
  const isSeen = certain.every(({ group }) => keysOf.has(group));
  const pages = certain.reduce((sum, query) => sum + pagesOf(query, keysOf.get(query.group) ?? 1), 0);
  const lastSeen = isSeen
    ? `with as many keys as were last seen they come to ${pages} requests`
    : "how many is not known";
  return [
    ...(certain.length > 0
      ? [`Pages behind the first, a request each (queries: ${certain.length}): ${lastSeen}.`]
      : []),
    ...(uncertain > 0
      ? [`What is still missing of queries that an earlier run began before it was stopped (${uncertain}).`]
      : []),
  ];
}

function pagesOf({ from, to, interval }: AnalyticsQuery, keys: number): number {
  const isOneDay = daysBetween(from, to).length === 1;
  const perPage = keysPerPage[isOneDay && interval === "Day" ? "aggregation" : "timeline"];
  return Math.max(1, Math.ceil(keys / perPage));
}
