import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, type MathExpressionProps, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { MetricName } from "../../shared/contract.ts";
import type { Job } from "./job.ts";
import { jobMetric } from "./job-metric.ts";

type Jobs = Readonly<Record<string, Job>>;

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
const maxMetricsPerAlarm = 10;
/** Maximum period of an alarm. */
const maxPeriod = Duration.days(7);
/** 24 h, plus one hour for the end of summer time and one hour for retried starts. */
export const maxSilence = Duration.hours(26);

/**
 * Negative while the last run of any job has failed. `RunEnded` is the instant of a run's end, negative if the run failed;
 * `start-run` publishes it for a run that could not. The sum of maximum (last good end) and minimum (last failure) is
 * negative if the failure was later.
 */
export function lastRuns(scope: Construct, jobs: Jobs): IMetric {
  const usingMetrics: Record<string, IMetric> = {};
  const ends = Object.keys(jobs).map((job, n) => {
    const latest = (statistic: string) => jobMetric(scope, job, MetricName.runEnded, { statistic, period: maxPeriod });
    usingMetrics[`good${n}`] = latest(Stats.MAXIMUM);
    usingMetrics[`bad${n}`] = latest(Stats.MINIMUM);
    return `good${n} + bad${n}`;
  });
  // MIN ignores metrics without data, so a job that has not run yet hides no other.
  const expression = `MIN([${ends.join(", ")}])`;
  return mathOf({ expression, usingMetrics, period: maxPeriod, label: "last runs" });
}

/**
 * 0 while a triggered job is silent: a nightly job has shown no activity, or a job that starts after others has shown none
 * although a run of those has ended. A job without any data also raises the alarm.
 */
export function signsOfLife(scope: Construct, jobs: Jobs, triggered: ReadonlySet<string>): IMetric {
  const usingMetrics: Record<string, IMetric> = {};
  const names = Object.keys(jobs);
  const countOf = (id: string, job: string, name: string) => {
    usingMetrics[id] = jobMetric(scope, job, name, { statistic: Stats.SUM, period: maxSilence });
    return `FILL(${id}, 0)`;
  };
  const endedRuns = (job: string) => {
    const n = names.indexOf(job);
    return [countOf(`finished${n}`, job, MetricName.runsFinished), countOf(`failed${n}`, job, MetricName.runsFailed)];
  };
  const signs = Object.entries(jobs).flatMap(([job, { deployment }], n) => {
    if (!triggered.has(job)) return [];
    const alive = countOf(`alive${n}`, job, MetricName.runsAlive);
    if (deployment.schedule !== undefined) return [alive];
    const ended = (deployment.after ?? []).filter((name) => jobs[name]).flatMap(endedRuns);
    return [`IF(${ended.join(" + ")} > 0, ${alive}, 1)`];
  });
  return mathOf({ expression: signs.join(" * "), usingMetrics, period: maxSilence, label: "signs of life" });
}

/** @throws Error when an alarm cannot have as many metrics: CloudWatch would refuse it only in a deployment */
function mathOf(props: MathExpressionProps & { readonly usingMetrics: Record<string, IMetric> }): MathExpression {
  const count = Object.keys(props.usingMetrics).length;
  if (count > maxMetricsPerAlarm)
    throw new Error(`The alarm of ${props.label} needs ${count} metrics, CloudWatch allows ${maxMetricsPerAlarm}`);
  return new MathExpression(props);
}
