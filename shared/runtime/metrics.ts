import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { type MetricName, metricsNamespace } from "../contract.ts";

export interface MetricsSink {
  readonly add: (name: MetricName, value?: number) => void;
  readonly publish: () => void;
}

/** CloudWatch metrics as embedded lines of the log, one set per slice, by job; each is a single number, which alarms look for. */
export function createMetrics(job: string): MetricsSink {
  const metrics = new Metrics({ namespace: metricsNamespace, serviceName: job });
  const sums = new Map<MetricName, number>();
  return {
    add: (name, value = 1) => void sums.set(name, (sums.get(name) ?? 0) + value),
    publish: () => {
      for (const [name, sum] of sums) metrics.addMetric(name, MetricUnit.Count, sum);
      sums.clear();
      metrics.publishStoredMetrics();
    },
  };
}
