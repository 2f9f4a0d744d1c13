import { type Dimension, embeddedValues } from "./embedded-metrics.ts";
import { MetricData } from "./metric-data.ts";

/** Data that CloudWatch receives: a log line, or a metric that AWS publishes. */
export type PublishedData =
  | { readonly at: Date; readonly line: string }
  | {
      readonly at: Date;
      readonly namespace: string;
      readonly metric: string;
      readonly dimensions?: readonly Dimension[];
      readonly value: number;
    };

/** Data by {@link keyOf} its metric. */
export type Metrics = ReadonlyMap<string, MetricData>;

/** The metrics embedded in log lines, and those of AWS; all are visible `delayMs` later. */
export function publishedMetrics(published: readonly PublishedData[], delayMs: number): Metrics {
  const data = new Map<string, MetricData>();
  for (const each of published) {
    const at = each.at.getTime() + delayMs;
    for (const { namespace, metric, dimensions, value } of "metric" in each ? [each] : embeddedValues(each.line)) {
      const key = keyOf(namespace, metric, dimensions);
      const known = data.get(key) ?? new MetricData();
      data.set(key, known);
      known.add({ at, value });
    }
  }
  for (const metric of data.values()) metric.sort();
  return data;
}

/** Returns the key of a metric: its dimensions have no order. */
export function keyOf(namespace: string, name: string, dimensions: readonly Dimension[] = []): string {
  return JSON.stringify([namespace, name, dimensions.toSorted((a, b) => (a.Name < b.Name ? -1 : 1))]);
}
