import { Stack } from "aws-cdk-lib";
import { Metric as CloudWatchMetric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import { FilterPattern, type JsonPattern, type LogGroup } from "aws-cdk-lib/aws-logs";
import { type MetricName, metricsNamespace } from "../../shared/contract.ts";

export interface LogMetricProps {
  /** Name of the metric in the stack's namespace. */
  readonly name: string;
  /** Matches the lines that are counted. */
  readonly pattern: JsonPattern;
  /** Value of each line: a number, or `$.<field>`. @default 1 */
  readonly value?: string;
  /** Log groups of the lines. Several log groups share one metric. */
  readonly logGroups: readonly LogGroup[];
}

/**
 * Creates a metric from log lines. Alarms cannot use the jobs' embedded metrics, which have only the job's name: two stacks in
 * one AWS account would hide each other's silence.
 */
export function logMetric({ name, pattern, value = "1", logGroups }: LogMetricProps, options: MetricOptions) {
  const [first] = logGroups;
  if (!first) throw new Error(`${name} has no log`);
  const metricNamespace = metricNamespaceOf(Stack.of(first));
  for (const logGroup of logGroups) {
    const id = value === "0" ? `${name}Zeros` : `${name}Filter`;
    if (logGroup.node.tryFindChild(id)) continue;
    logGroup.addMetricFilter(id, {
      filterPattern: pattern,
      metricNamespace,
      metricName: name,
      metricValue: value,
    });
  }
  return new CloudWatchMetric({ namespace: metricNamespace, metricName: name, ...options });
}

/** The namespace of a stack's metrics, which its alarms use. */
export function metricNamespaceOf({ stackName }: Stack): string {
  return `${metricsNamespace}/${stackName}`;
}

/** Matches lines with a count of this name above 0. */
export function hasCount(name: MetricName): JsonPattern {
  return FilterPattern.numberValue(`$.${name}`, ">=", 1);
}

/** Matches lines with a gauge of this name. */
export function hasGauge(name: MetricName): JsonPattern {
  return FilterPattern.numberValue(`$.${name}`, ">=", 0);
}
