import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { type MetricName, metricsNamespace } from "../contract.ts";

export interface MetricsSink {
  readonly add: (name: MetricName, value?: number) => void;
  readonly publish: () => void;
}

/** CloudWatch metrics as embedded lines of the log, one set per slice, by job. */
export function createMetrics(job: string): MetricsSink {
  const metrics = new Metrics({ namespace: metricsNamespace, serviceName: job });
  return {
    add: (name, value = 1) => metrics.addMetric(name, MetricUnit.Count, value),
    publish: () => metrics.publishStoredMetrics(),
  };
}
