import type { JobName } from "../../shared/jobs.ts";
import { collectMetrics, type MetricsSink } from "../../shared/runtime/metrics.ts";
import { reportRunEnd } from "../../shared/runtime/report-run-end.ts";

/** Metrics embedded in a log line, as metric filters see them. */
export interface MetricLine {
  readonly at: Date;
  /** Function of the log. */
  readonly log: JobName | "start-run";
  readonly line: string;
}

/** Creates a sink whose sets become lines, with the properties of Powertools except the list of their names. */
export function createMetricLines(
  log: MetricLine["log"],
  service: string,
  write: (line: MetricLine) => void,
): MetricsSink {
  return collectMetrics((values) => {
    const at = new Date();
    const line = JSON.stringify({ _aws: { Timestamp: at.getTime() }, service, ...Object.fromEntries(values) });
    write({ at, log, line });
  });
}

/** Creates the line of `start-run` for AWS's event of a failed run. */
export function failedEndLines(job: JobName, endedAt: Date): readonly MetricLine[] {
  const lines: MetricLine[] = [];
  const endedFunction = `arn:aws:lambda:us-east-1:111111111111:function:${job}`;
  // EventBridge knows the second.
  const event = { endedFunction: `${endedFunction}:1`, endedAt: `${endedAt.toISOString().slice(0, 19)}Z` };
  reportRunEnd(event, {
    targets: { [job]: `${endedFunction}:live` },
    metricsOf: (service) => createMetricLines("start-run", service, (line) => lines.push(line)),
  });
  return lines;
}
