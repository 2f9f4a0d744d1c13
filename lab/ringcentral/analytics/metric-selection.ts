import type { Metric } from "./metrics.ts";
import type { Interval } from "./zone-clock.ts";

export const aggregationTypes = ["Sum", "Average", "Max", "Min", "Percent"] as const;

export type AggregationType = (typeof aggregationTypes)[number];

export const sections = ["counters", "timers"] as const;

export type Section = (typeof sections)[number];

/** One requested metric, with its aggregation. */
export interface MetricSelection {
  readonly section: Section;
  readonly metric: Metric;
  readonly type: AggregationType;
  /** Interval over which Average, Max and Min are computed; undefined: per call. */
  readonly interval: Interval | undefined;
}

/** The metric's name in requests; undefined if the section does not have it. */
export function requestName(metric: Metric, section: Section): string | undefined {
  return section === "counters" ? metric.counter : metric.timer;
}
