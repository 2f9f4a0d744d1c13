import { type MetricSelection, sections } from "./metric-selection.ts";
import { type MetricValue, metricValue, type ValueOptions } from "./metric-value.ts";
import type { Group } from "./organisation.ts";
import { type TallyRequestOptions, tallyRequest } from "./tally-request.ts";
import type { Interval } from "./zone-clock.ts";

type Metrics = Readonly<Record<string, MetricValue>>;

/** It has only the requested sections. */
export interface Measured {
  readonly counters?: Metrics;
  readonly timers?: Metrics;
}

/** One group's part of a response (OpenAPI: AggregationResponseRecord). */
export type AggregatedRecord = Group & Measured;

/** One group's part of a response (OpenAPI: TimelineResponseRecord). */
export type TimelineRecord = Group & { readonly points: readonly (Measured & { readonly time: string })[] };

export function aggregatedRecords(options: TallyRequestOptions): readonly AggregatedRecord[] {
  const { selections } = options.request;
  const { total, talliesOf } = tallyRequest(options, selections);
  return options.groups.map((group) => ({
    ...identityOf(group),
    ...measure(selections, ({ interval }) => ({ tallies: talliesOf(group.key, interval), total })),
  }));
}

// Guess: a point for each interval that the range touches, named by the interval's beginning in UTC.
export function timelineRecords(options: TallyRequestOptions, interval: Interval): readonly TimelineRecord[] {
  const { selections } = options.request;
  const { total, startsOf, talliesOf } = tallyRequest(
    options,
    selections.map((selection) => ({ ...selection, interval })),
  );
  const times = startsOf(interval).map((startMs) => new Date(startMs).toISOString().replace(".000Z", "Z"));
  return options.groups.map((group) => {
    const tallies = talliesOf(group.key, interval);
    const point = (time: string, place: number) => ({
      time,
      ...measure(selections, () => ({ tallies: [tallies[place]], total })),
    });
    return { ...identityOf(group), points: times.map(point) };
  });
}

/** Omits a user's site and department. */
function identityOf({ key, info }: Group): Group {
  return info ? { key, info } : { key };
}

/** Timers have their counters' names (OpenAPI: CallsTimers). */
function measure(
  selections: readonly MetricSelection[],
  optionsFor: (selection: MetricSelection) => ValueOptions,
): Measured {
  const measured: { counters?: Metrics; timers?: Metrics } = {};
  for (const section of sections) {
    const values = selections
      .filter((selection) => selection.section === section)
      .map((selection) => [selection.metric.responseName, metricValue(selection, optionsFor(selection))] as const);
    if (values.length > 0) measured[section] = Object.fromEntries(values);
  }
  return measured;
}
