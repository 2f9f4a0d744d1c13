/** A metric's dimension, as CloudFormation writes it. */
export interface Dimension {
  readonly Name: string;
  readonly Value: unknown;
}

/** A value of a metric that a log line publishes. */
export interface EmbeddedValue {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: readonly Dimension[];
  readonly value: number;
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string }[];
}

/**
 * Returns the metric values that CloudWatch takes from a log line; none for a line without embedded metrics.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedValues(line: string): readonly EmbeddedValue[] {
  if (!line.includes('"CloudWatchMetrics"')) return [];
  const root = JSON.parse(line) as Readonly<Record<string, unknown>>;
  const { CloudWatchMetrics: directives } = root._aws as { readonly CloudWatchMetrics: readonly Directive[] };
  return directives.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = names.map((name) => ({ Name: name, Value: root[name] }));
      return Metrics.flatMap(({ Name: metric }) =>
        [root[metric]].flat().map((value) => ({ namespace, metric, dimensions, value: Number(value) })),
      );
    }),
  );
}
