import { Stack } from "aws-cdk-lib";
import { Metric as CloudWatchMetric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import { FilterPattern, type JsonPattern, type LogGroup } from "aws-cdk-lib/aws-logs";
import { type MetricName, metricsNamespace } from "../../shared/contract.ts";

export interface LogMetricProps {
  /** Name of the metric within the stack's namespace. */
  readonly name: string;
  /** Which lines count. */
  readonly pattern: JsonPattern;
  /** What a line counts for: a number, or `$.<field>`. @default 1 */
  readonly value?: string;
  /** Where the lines are; several are one metric. */
  readonly logGroups: readonly LogGroup[];
}

/**
 * A metric made from log lines. The jobs' embedded metrics carry no more than the job's name: two stacks in one AWS account
 * would hide each other's silence.
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

/** The namespace of a stack's own metrics, which its alarms watch. */
export function metricNamespaceOf({ stackName }: Stack): string {
  return `${metricsNamespace}/${stackName}`;
}

/** Lines that carry a count of this name, and not 0. */
export function counts(name: MetricName): JsonPattern {
  return FilterPattern.numberValue(`$.${name}`, ">=", 1);
}

/** Lines that carry a gauge of this name. */
export function tells(name: MetricName): JsonPattern {
  return FilterPattern.numberValue(`$.${name}`, ">=", 0);
}
