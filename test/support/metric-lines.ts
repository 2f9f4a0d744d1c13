import { MetricDimension, metricsNamespace } from "../../shared/contract.ts";
import type { JobName } from "../../shared/jobs.ts";
import { collectMetrics, type MetricsSink } from "../../shared/runtime/metrics.ts";
import { reportRunEnd } from "../../shared/runtime/report-run-end.ts";

/** A log line with embedded metrics. */
export interface MetricLine {
  readonly at: Date;
  readonly line: string;
}

/** The stack of every line. */
export const testStack = "nightshift-test";

/** Creates a sink whose sets become lines, as Powertools writes them. */
export function createMetricLines(job: string, write: (line: MetricLine) => void): MetricsSink {
  return collectMetrics((values) => write(metricLine(job, new Date(), Object.fromEntries(values))));
}

/** Creates the line with which a job publishes these values. */
export function metricLine(job: string, at: Date, values: Readonly<Record<string, number>>): MetricLine {
  const Metrics = Object.keys(values).map((Name) => ({ Name }));
  const directive = { Namespace: metricsNamespace, Dimensions: [Object.values(MetricDimension)], Metrics };
  const _aws = { Timestamp: at.getTime(), CloudWatchMetrics: [directive] };
  const dimensions = { [MetricDimension.stack]: testStack, [MetricDimension.job]: job };
  return { at, line: JSON.stringify({ _aws, ...dimensions, ...values }) };
}

/** Creates the line of `start-run` for AWS's event of a failed run. */
export function failedEndLines(job: JobName, endedAt: Date): readonly MetricLine[] {
  const lines: MetricLine[] = [];
  const endedFunction = `arn:aws:lambda:us-east-1:111111111111:function:${job}`;
  // EventBridge knows the second.
  const event = { endedFunction: `${endedFunction}:1`, endedAt: `${endedAt.toISOString().slice(0, 19)}Z` };
  reportRunEnd(event, {
    targets: { [job]: `${endedFunction}:live` },
    metricsOf: (service) => createMetricLines(service, (line) => lines.push(line)),
  });
  return lines;
}
