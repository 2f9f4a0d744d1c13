import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { FilterPattern, type LogGroup } from "aws-cdk-lib/aws-logs";
import { MetricName } from "../../shared/contract.ts";
import type { Job } from "./job.ts";
import { hasCount, logMetric } from "./log-metric.ts";

type Jobs = Readonly<Record<string, Job>>;

/** Maximum period of an alarm. */
const maxPeriod = Duration.days(7);
/** 24 h, plus one hour for the end of summer time and one hour for retried starts. */
export const maxSilence = Duration.hours(26);

/**
 * Negative while the last run of any job has failed. `RunEnded` is the instant of a run's end, negative if the run failed. The
 * sum of maximum (last good end) and minimum (last failure) is negative if the failure was later.
 */
export function lastRuns(jobs: Jobs, startRunLog: LogGroup): IMetric {
  const usingMetrics: Record<string, IMetric> = {};
  const ends = Object.entries(jobs).map(([job, { logGroup }], n) => {
    const name = `${job}-${MetricName.runEnded}`;
    const either = FilterPattern.any(
      FilterPattern.numberValue(`$.${MetricName.runEnded}`, "<", 0),
      FilterPattern.numberValue(`$.${MetricName.runEnded}`, ">", 0),
    );
    // start-run reports runs that could not report themselves, with their job's name.
    const reported = FilterPattern.all(
      FilterPattern.stringValue("$.service", "=", job),
      FilterPattern.numberValue(`$.${MetricName.runEnded}`, "<", 0),
    );
    const value = `$.${MetricName.runEnded}`;
    logMetric({ name, pattern: either, value, logGroups: [logGroup] }, {});
    const latest = (statistic: string) =>
      logMetric({ name, pattern: reported, value, logGroups: [startRunLog] }, { statistic, period: maxPeriod });
    Object.assign(usingMetrics, { [`good${n}`]: latest(Stats.MAXIMUM), [`bad${n}`]: latest(Stats.MINIMUM) });
    return `good${n} + bad${n}`;
  });
  // MIN ignores metrics without data, so a job that has not run yet hides no other.
  const expression = `MIN([${ends.join(", ")}])`;
  return new MathExpression({ expression, usingMetrics, period: maxPeriod, label: "last runs" });
}

/**
 * 0 while a triggered job is silent: a nightly job has shown no activity, or a job that starts after others has shown none
 * although a run of those has ended. A job without any data also raises the alarm.
 */
export function signsOfLife(jobs: Jobs, triggered: ReadonlySet<string>): IMetric {
  const usingMetrics: Record<string, IMetric> = {};
  const options = { statistic: Stats.SUM, period: maxSilence };
  const addMetric = (id: string, metric: IMetric) => {
    usingMetrics[id] = metric;
    return `FILL(${id}, 0)`;
  };
  const names = Object.keys(jobs);
  const signs = Object.entries(jobs).flatMap(([job, { deployment, logGroup }], n) => {
    if (!triggered.has(job)) return [];
    const name = `${job}-${MetricName.runsAlive}`;
    const pattern = hasCount(MetricName.runsAlive);
    const alive = addMetric(`alive${n}`, logMetric({ name, pattern, logGroups: [logGroup] }, options));
    if (deployment.schedule !== undefined) return [alive];
    const precedingJobs = (deployment.after ?? []).flatMap((name) =>
      jobs[name] ? [[name, jobs[name].logGroup] as const] : [],
    );
    const ended = precedingJobs.map(([name, log]) =>
      addMetric(`ended${names.indexOf(name)}`, endedRuns(name, log, options)),
    );
    return [`IF(${ended.join(" + ")} > 0, ${alive}, 1)`];
  });
  return new MathExpression({
    expression: signs.join(" * "),
    usingMetrics,
    period: maxSilence,
    label: "signs of life",
  });
}

function endedRuns(
  job: string,
  logGroup: LogGroup,
  options: { readonly statistic: string; readonly period: Duration },
) {
  const [name, logGroups] = [`${job}-Ends`, [logGroup]];
  // A running job adds 0, so that the metric has data before the first run has ended.
  logMetric({ name, pattern: hasCount(MetricName.runsAlive), value: "0", logGroups }, {});
  const pattern = FilterPattern.any(hasCount(MetricName.runsFinished), hasCount(MetricName.runsFailed));
  return logMetric({ name, pattern, logGroups }, options);
}
