import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { type MetricName, metricsNamespace } from "../contract.ts";

/** Metrics of one job, published as one set. */
export interface MetricsSink {
  /** Adds to a count. */
  readonly add: (name: MetricName, value?: number) => void;
  /** Sets a gauge; the last value before `publish` is published. */
  readonly set: (name: MetricName, value: number) => void;
  readonly publish: () => void;
}

/**
 * Publishes CloudWatch metrics as log lines in embedded metric format, one set per slice, with the job as dimension.
 */
export function createMetrics(job: string): MetricsSink {
  const metrics = new Metrics({ namespace: metricsNamespace, serviceName: job });
  return collectMetrics((values) => {
    for (const [name, value] of values) metrics.addMetric(name, MetricUnit.Count, value);
    metrics.publishStoredMetrics();
  });
}

/** Collects counts and gauges, and passes them to `write` as one set on each `publish`. */
export function collectMetrics(write: (values: ReadonlyMap<MetricName, number>) => void): MetricsSink {
  const values = new Map<MetricName, number>();
  return {
    add: (name, value = 1) => void values.set(name, (values.get(name) ?? 0) + value),
    set: (name, value) => void values.set(name, value),
    publish: () => {
      write(values);
      values.clear();
    },
  };
}
