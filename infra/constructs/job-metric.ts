import { Stack } from "aws-cdk-lib";
import { Metric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { MetricDimension, metricsNamespace } from "../../shared/contract.ts";

/** Returns the metric of that name that a job of this stack publishes. */
export function jobMetric(scope: Construct, job: string, metricName: string, options: MetricOptions): Metric {
  const dimensionsMap = { [MetricDimension.stack]: Stack.of(scope).stackName, [MetricDimension.job]: job };
  return new Metric({ namespace: metricsNamespace, metricName, dimensionsMap, ...options });
}
