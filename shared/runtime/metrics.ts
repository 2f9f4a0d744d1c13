import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { Env, MetricDimension, metricsNamespace } from "../contract.ts";

/** Metrics of one job, published as one set. */
export interface MetricsSink {
  /** Adds to a count. */
  readonly add: (name: string, value?: number) => void;
  /** Sets a gauge; the last value before `publish` is published. */
  readonly set: (name: string, value: number) => void;
  readonly publish: () => void;
}

/**
 * Publishes CloudWatch metrics as log lines in embedded metric format, one set per slice, with stack and job as
 * dimensions.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createMetrics(job: string, environment: Readonly<Record<string, string | undefined>>): MetricsSink {
  const defaultDimensions = { [MetricDimension.stack]: environment[Env.stackName] ?? "none" };
  const metrics = new Metrics({ namespace: metricsNamespace, serviceName: job, defaultDimensions });
  return collectMetrics((values) => {
    for (const [name, value] of values) metrics.addMetric(name, MetricUnit.Count, value);
    metrics.publishStoredMetrics();
  });
}

/** Collects counts and gauges, and passes them to `write` as one set on each `publish`. */
export function collectMetrics(write: (values: ReadonlyMap<string, number>) => void): MetricsSink {
  const values = new Map<string, number>();
  return {
    add: (name, value = 1) => void values.set(name, (values.get(name) ?? 0) + value),
    set: (name, value) => void values.set(name, value),
    publish: () => {
      write(values);
      values.clear();
    },
  };
}
