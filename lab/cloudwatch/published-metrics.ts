import { type LineFilter, parseFilterPattern, propertyOf } from "./filter-pattern.ts";
import { MetricData } from "./metric-data.ts";
import { type JsonTemplate, metricFiltersIn } from "./template-alarms.ts";

/** Data that CloudWatch receives: a log line, or a metric that AWS publishes. */
export type PublishedData =
  | { readonly at: Date /** Its logical id in the template. */; readonly logGroup: string; readonly line: string }
  | {
      readonly at: Date;
      readonly namespace: string;
      readonly metric: string;
      readonly dimensions?: unknown;
      readonly value: number;
    };

/** Data by {@link keyOf} its metric. */
export type Metrics = ReadonlyMap<string, MetricData>;

/**
 * The metrics that a template's metric filters extract from log lines, and those of AWS; all are visible `delayMs` later.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
 */
export function publishedMetrics(
  template: JsonTemplate,
  published: readonly PublishedData[],
  delayMs: number,
): Metrics {
  const data = new Map<string, MetricData>();
  const add = (key: string, at: Date, value: number) => {
    const metric = data.get(key) ?? new MetricData();
    data.set(key, metric);
    metric.add({ at: at.getTime() + delayMs, value });
  };
  const filters = Map.groupBy(
    metricFiltersIn(template).map(({ FilterPattern, LogGroupName, MetricTransformations: [made] }) => ({
      logGroup: LogGroupName.Ref,
      matches: parseFilterPattern(FilterPattern),
      key: keyOf(made.MetricNamespace, made.MetricName),
      value: made.MetricValue,
    })),
    ({ logGroup }) => logGroup,
  );
  for (const each of published) {
    if ("metric" in each) add(keyOf(each.namespace, each.metric, each.dimensions), each.at, each.value);
    else {
      const line = jsonOf(each.line);
      for (const { matches, key, value } of filters.get(each.logGroup) ?? []) {
        if (matchesLine(matches, line)) add(key, each.at, metricValue(line, value));
      }
    }
  }
  for (const metric of data.values()) metric.sort();
  return data;
}

function matchesLine(matches: LineFilter, line: unknown): boolean {
  return typeof line === "object" && line !== null && matches(line);
}

function metricValue(line: unknown, value: string): number {
  return Number(value.startsWith("$") ? propertyOf(line, value) : value);
}

export function keyOf(namespace: string, name: string, dimensions?: unknown): string {
  return JSON.stringify([namespace, name, dimensions ?? []]);
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
