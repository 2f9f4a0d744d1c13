import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { MetricName } from "../../shared/contract.ts";
import { jobMetric } from "./job-metric.ts";

/** Maximum period of an alarm. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const maxPeriod = Duration.days(7);
/** 24 h, plus one hour for the end of summer time and one hour for retried starts. */
export const maxSilence = Duration.hours(26);

/**
 * Negative while the last run of a job has failed. `RunEnded` is the instant of a run's end, negative if the run failed;
 * `start-run` publishes it for a run that could not. The sum of maximum (last good end) and minimum (last failure) is
 * negative if the failure was later.
 */
export function lastRun(scope: Construct, job: string): IMetric {
  const latest = (statistic: string) => jobMetric(scope, job, MetricName.runEnded, { statistic, period: maxPeriod });
  const usingMetrics = { good: latest(Stats.MAXIMUM), bad: latest(Stats.MINIMUM) };
  return new MathExpression({ expression: "good + bad", usingMetrics, period: maxPeriod, label: "last run" });
}

/**
 * 0 while a job is silent: it has shown no activity, or, if it starts after `precedingJobs`, it has shown none although a run
 * of those has ended. A job without any data is silent.
 */
export function signOfLife(scope: Construct, job: string, precedingJobs: readonly string[]): IMetric {
  const usingMetrics: Record<string, IMetric> = {};
  const countOf = (id: string, of: string, name: string) => {
    usingMetrics[id] = jobMetric(scope, of, name, { statistic: Stats.SUM, period: maxSilence });
    return `FILL(${id}, 0)`;
  };
  const alive = countOf("alive", job, MetricName.runsAlive);
  const ended = precedingJobs.flatMap((preceding, n) => [
    countOf(`finished${n}`, preceding, MetricName.runsFinished),
    countOf(`failed${n}`, preceding, MetricName.runsFailed),
  ]);
  // SUM ignores metrics without data, so a preceding job that has not run yet hides nothing.
  const expression = ended.length === 0 ? alive : `IF(SUM([${ended.join(", ")}]) > 0, ${alive}, 1)`;
  return new MathExpression({ expression, usingMetrics, period: maxSilence, label: "signs of life" });
}
