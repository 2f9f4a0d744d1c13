import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Stats } from "aws-cdk-lib/aws-cloudwatch";
import { FilterPattern, type LogGroup } from "aws-cdk-lib/aws-logs";
import { MetricName } from "../../shared/contract.ts";
import type { Job } from "./job.ts";
import { counts, logMetric } from "./log-metric.ts";

type Jobs = Readonly<Record<string, Job>>;

/** As far back as an alarm looks. */
const maxPeriod = Duration.days(7);
/** Nightly, with two hours to spare: an hour for the end of summer time, an hour for starts that are tried again. */
export const maxSilence = Duration.hours(26);

/**
 * Negative while the last run of any job has failed. Ends are instants, negative where the run failed: the latest good end
 * (maximum) is then smaller than the latest bad one (minimum, without its sign).
 */
export function lastRuns(jobs: Jobs, startRunLog: LogGroup): IMetric {
  const usingMetrics: Record<string, IMetric> = {};
  const ends = Object.entries(jobs).map(([job, { logGroup }], n) => {
    const name = `${job}-${MetricName.runEnded}`;
    const either = FilterPattern.any(
      FilterPattern.numberValue(`$.${MetricName.runEnded}`, "<", 0),
      FilterPattern.numberValue(`$.${MetricName.runEnded}`, ">", 0),
    );
    // start-run reports runs that could not, each under its job's name.
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
  // An array's minimum leaves out what has no data: a job that has not run yet hides no other.
  const expression = `MIN([${ends.join(", ")}])`;
  return new MathExpression({ expression, usingMetrics, period: maxPeriod, label: "last runs" });
}

/**
 * 0 while any of these jobs is silent that should not be: a nightly one has given no sign of life, or one that follows others
 * has given none though a run of these has ended. A job never heard of counts as 0, or makes no data, which breaches, too.
 */
export function signsOfLife(jobs: Jobs, triggered: ReadonlySet<string>): IMetric {
  const usingMetrics: Record<string, IMetric> = {};
  const inPeriod = { statistic: Stats.SUM, period: maxSilence };
  const add = (id: string, metric: IMetric) => {
    usingMetrics[id] = metric;
    return `FILL(${id}, 0)`;
  };
  const names = Object.keys(jobs);
  const signs = Object.entries(jobs).flatMap(([job, { deployment, logGroup }], n) => {
    if (!triggered.has(job)) return [];
    const name = `${job}-${MetricName.runsAlive}`;
    const pattern = counts(MetricName.runsAlive);
    const alive = add(`alive${n}`, logMetric({ name, pattern, logGroups: [logGroup] }, inPeriod));
    if (deployment.schedule !== undefined) return [alive];
    const before = (deployment.after ?? []).flatMap((other) =>
      jobs[other] ? [[other, jobs[other].logGroup] as const] : [],
    );
    const ended = before.map(([other, log]) => add(`ended${names.indexOf(other)}`, ends(other, log, inPeriod)));
    return [`IF(${ended.join(" + ")} > 0, ${alive}, 1)`];
  });
  return new MathExpression({
    expression: signs.join(" * "),
    usingMetrics,
    period: maxSilence,
    label: "signs of life",
  });
}

function ends(job: string, logGroup: LogGroup, options: { readonly statistic: string; readonly period: Duration }) {
  const [name, logGroups] = [`${job}-Ends`, [logGroup]];
  // A run under way counts for nothing, and so that there is data before the first has ended.
  logMetric({ name, pattern: counts(MetricName.runsAlive), value: "0", logGroups }, {});
  const pattern = FilterPattern.any(counts(MetricName.runsFinished), counts(MetricName.runsFailed));
  return logMetric({ name, pattern, logGroups }, options);
}
