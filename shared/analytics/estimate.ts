import { type Ask, keysPerPage } from "../core/analytics/request.ts";
import { type Day, dayOf, daysBetween } from "../core/days.ts";
import { readAccountNote } from "../storage/account-note.ts";
import { type DaysDueOptions, daysDue, plannedAsks } from "./open-days.ts";
import type { AnalyticsRequest } from "./request.ts";

export type EstimateOptions = Omit<DaysDueOptions, "account">;

/** What a run would do, from what S3 knows already. */
export interface Estimate {
  readonly days: number;
  readonly firstDay: Day | undefined;
  readonly lastDay: Day | undefined;
  /** Light requests at RingCentral, with as many keys as were last seen, and the minutes that they take at its limit. */
  readonly requests: number;
  readonly minutes: number;
}

/** RingCentral's default for the Light group (guide: rate limits). */
const lightPerMinute = 50;

export async function estimateAnalytics(options: EstimateOptions, request: AnalyticsRequest): Promise<Estimate> {
  const today = dayOf(options.now, options.timeZone);
  const account = (await readAccountNote(options.state))?.id ?? "";
  const { due, keysOf } = await daysDue({ ...options, account }, request);
  const asks = plannedAsks(due, request, { today, rules: options.rules });
  const days = [...new Set(asks.flatMap(({ from, to }) => daysBetween(from, to)))].sort();
  const requests = asks.reduce((sum, ask) => sum + pagesOf(ask, keysOf.get(ask.group) ?? 1), 0);
  return {
    ...{ days: days.length, firstDay: days[0], lastDay: days.at(-1), requests },
    minutes: Math.ceil(requests / lightPerMinute),
  };
}

function pagesOf({ from, to, interval }: Ask, keys: number): number {
  const isOneDay = daysBetween(from, to).length === 1;
  const perPage = keysPerPage[isOneDay && interval === "Day" ? "aggregation" : "timeline"];
  return Math.max(1, Math.ceil(keys / perPage));
}
