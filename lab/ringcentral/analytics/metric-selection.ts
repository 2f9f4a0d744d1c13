import type { Metric } from "./metrics.ts";
import type { Interval } from "./zone-clock.ts";

export const aggregationTypes = ["Sum", "Average", "Max", "Min", "Percent"] as const;

export type AggregationType = (typeof aggregationTypes)[number];

export const sections = ["counters", "timers"] as const;

export type Section = (typeof sections)[number];

/** One number, or one set of parts, that an answer is to contain. */
export interface MetricSelection {
  readonly section: Section;
  readonly metric: Metric;
  readonly type: AggregationType;
  /** What Average, Max and Min are taken over; undefined: over the calls. */
  readonly interval: Interval | undefined;
}

/** What requests call the metric in that section; undefined where it cannot be asked for. */
export function requestName(metric: Metric, section: Section): string | undefined {
  return section === "counters" ? metric.counter : metric.timer;
}
