import type { Account } from "../create-account.ts";
import type { Analytics } from "./analytics.ts";
import { passes } from "./call-filters.ts";
import type { CountedCall } from "./fact-index.ts";
import type { GroupBy } from "./groupings.ts";
import { keyOf } from "./key-of.ts";
import type { MetricSelection } from "./metric-selection.ts";
import type { Group } from "./organisation.ts";
import type { AnalyticsRequest } from "./read-request.ts";
import { type Split, type Tallies, type Tally, tallyCalls } from "./tally-calls.ts";
import { isIncluded } from "./time-settings.ts";
import type { Interval, ZoneClock } from "./zone-clock.ts";

export interface TallyRequestOptions {
  readonly account: Account;
  readonly analytics: Analytics;
  readonly request: Pick<AnalyticsRequest, "timeSettings" | "callFilters" | "selections">;
  readonly groupedBy: GroupBy;
  readonly groups: readonly Group[];
  /** The lab's time, or the final state. */
  readonly when: number | "in the end";
}

/** One tally for each group and interval, or a single one for the whole range, from which responses are made. */
export interface TalliedRequest {
  readonly total: Tallies["total"];
  readonly startsOf: (interval: Interval | undefined) => readonly number[];
  readonly talliesOf: (key: string, interval: Interval | undefined) => readonly (Tally | undefined)[];
}

export function tallyRequest(options: TallyRequestOptions, selections: readonly MetricSelection[]): TalliedRequest {
  const { account, analytics, request, groups, groupedBy } = options;
  const zone = analytics.zone(request.timeSettings.timeZone);
  const { fromMs, toMs } = request.timeSettings.timeRange;
  const startsOf = (interval: Interval | undefined) =>
    interval === undefined ? [fromMs] : zone.startsBetween(fromMs, toMs, interval);
  const splits = new Map<Interval | undefined, Split>();
  for (const [interval, ofInterval] of Map.groupBy(selections, (selection) => selection.interval)) {
    splits.set(interval, { starts: startsOf(interval), metrics: [...new Set(ofInterval.map(({ metric }) => metric))] });
  }
  const tallies = tallyCalls(callsOf(options, zone), {
    keyOf: keyOf(groupedBy, account),
    keys: new Set(groups.map(({ key }) => key)),
    splits: [...splits.values()],
  });
  return {
    total: tallies.total,
    startsOf: (interval) => splits.get(interval)?.starts ?? startsOf(interval),
    talliesOf: (key, interval) => {
      const split = splits.get(interval);
      return split ? tallies.of(key, split) : [];
    },
  };
}

function* callsOf(
  { analytics, request, when }: TallyRequestOptions,
  zone: ZoneClock,
): Generator<CountedCall, void, undefined> {
  const { timeSettings, callFilters } = request;
  const unfiltered = Object.keys(callFilters).length === 0;
  for (const counted of analytics.facts.counted(timeSettings.timeRange, when)) {
    const { facts } = counted;
    if (isIncluded(facts.call.startMs, timeSettings, zone) && (unfiltered || passes(facts, callFilters))) yield counted;
  }
}
