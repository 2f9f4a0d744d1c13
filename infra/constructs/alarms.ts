import { Duration, Stack } from "aws-cdk-lib";
import {
  type Alarm,
  type CfnAlarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { commonAlarms, startAlarms } from "../../shared/common-alarms.ts";
import { MetricName } from "../../shared/contract.ts";
import { maxPausedDays } from "../../shared/core/pause.ts";
import type { JobAlarm, Urgency } from "../../shared/job-deployment.ts";
import { filterLog, metricMinima, readEvents, tailLog } from "./aws-commands.ts";
import type { Credential } from "./credential.ts";
import { deadLetterCount } from "./dead-letter-queue.ts";
import {
  type AlarmFacts,
  type AlarmOptions,
  type Condition,
  DescribedAlarm,
  incident,
  state,
} from "./described-alarm.ts";
import type { Job } from "./job.ts";
import { jobMetric } from "./job-metric.ts";
import { lastRun, maxSilence, signOfLife } from "./run-metrics.ts";

export interface AlarmsProps {
  readonly topics: Readonly<Record<Urgency, readonly ITopic[]>>;
  /** The monitored jobs by name. */
  readonly jobs: Readonly<Record<string, Job>>;
  /** Log in which `start-run` reports runs that could not report their own end. */
  readonly startRunLog: LogGroup;
  /** Receives requests that could not be started. */
  readonly failedStarts: Queue;
  /** Jobs that start automatically. Other jobs, and paused ones, may be silent. */
  readonly triggeredJobs: ReadonlySet<string>;
  readonly credential: Credential;
  /** URL of the operations handbook (docs/operations.md). */
  readonly handbook: string;
}

/** Days in which an operator can create and store a new JWT, by urgency. */
const credentialDays = { thisWeek: 14, actNow: 3 } as const;

/** A gauge is published at the end of a run. */
const gaugePeriod = Duration.hours(1);

/** Alarms of all jobs, each sent to the topics of its urgency. */
export class Alarms extends Construct {
  readonly all: Alarm[] = [];
  private readonly jobs: Readonly<Record<string, Job>>;
  private readonly region: string;
  private readonly options: AlarmOptions;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { jobs, topics, handbook, credential, triggeredJobs } = props;
    this.jobs = jobs;
    this.region = Stack.of(this).region;
    this.options = { topics, handbook, secretId: credential.secretId };
    this.addStartAlarm(props);
    for (const [name, job] of Object.entries(jobs)) {
      this.addRunAlarm(name, job);
      if (triggeredJobs.has(name)) {
        this.addSilenceAlarm(name, job);
        this.addPauseAlarm(name, props.startRunLog);
      }
      for (const alarm of job.deployment.alarms ?? []) this.addJobAlarm(name, job, alarm);
    }
    this.addCredentialAlarms(credential);
  }

  private addStartAlarm({ failedStarts, startRunLog }: AlarmsProps): void {
    const facts: AlarmFacts = {
      chapter: "start-failed",
      urgency: "thisWeek",
      meaning: "A run could not be started.",
      look: `${readEvents(this.region, failedStarts)}; ${tailLog(this.region, startRunLog)}`,
      first: startAlarms["start-failed"].first,
    };
    this.addAlarm(facts, incident(deadLetterCount(failedStarts)));
  }

  private addRunAlarm(job: string, { logGroup }: Job): void {
    const facts: AlarmFacts = {
      chapter: "run-failed",
      suffix: job,
      urgency: "thisWeek",
      meaning: `The last run of ${job} failed, timed out or was stopped.`,
      look: filterLog(this.region, logGroup, commonAlarms["run-failed"].lines),
      first: commonAlarms["run-failed"].first,
    };
    const comparisonOperator = ComparisonOperator.LESS_THAN_THRESHOLD;
    this.addAlarm(facts, state({ metric: lastRun(this, job), threshold: 0, comparisonOperator }));
  }

  /** Adds the alarm of a silent job. Its evaluation begins when the first night after the deployment must have begun. */
  private addSilenceAlarm(job: string, { logGroup, deployment: { schedule, after = [] } }: Job): void {
    const facts: AlarmFacts = {
      chapter: "did-not-run",
      suffix: job,
      urgency: "actNow",
      meaning: `The job ${job} has shown no activity for ${maxSilence.toHours()} hours.`,
      look: `${tailLog(this.region, logGroup, "2d")} | tail -n 5`,
      first: commonAlarms["did-not-run"].first,
    };
    const precedingJobs = schedule === undefined ? after.filter((name) => this.jobs[name]) : [];
    const alarm = this.addAlarm(facts, {
      metric: signOfLife(this, job, precedingJobs),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.BREACHING,
    });
    alarm.notifyOfEnd();
    (alarm.node.defaultChild as CfnAlarm).warmUpConfiguration = {
      warmUpPeriodDurationInMinutes: maxSilence.toMinutes(),
      onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
    };
  }

  private addPauseAlarm(job: string, startRunLog: LogGroup): void {
    const facts: AlarmFacts = {
      chapter: "paused-too-long",
      suffix: job,
      urgency: "thisWeek",
      meaning: `The job ${job} has been paused for ${maxPausedDays} days.`,
      look: filterLog(this.region, startRunLog, startAlarms["paused-too-long"].lines),
      first: `resume it: npx nightshift resume ${job} --stack ${Stack.of(this).stackName}`,
    };
    const gauge = jobMetric(this, job, MetricName.pausedDays, { statistic: Stats.MAXIMUM, period: gaugePeriod });
    const comparisonOperator = ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD;
    this.addAlarm(facts, state({ metric: gauge, threshold: maxPausedDays, comparisonOperator }));
  }

  private addJobAlarm(job: string, { logGroup }: Job, alarm: JobAlarm): void {
    const { name: chapter, metric, min, lines, urgency, meaning, first } = alarm;
    const facts = { chapter, urgency, meaning, first, look: filterLog(this.region, logGroup, lines) };
    if (min === undefined) {
      this.addAlarm(facts, incident(jobMetric(this, job, metric, { statistic: Stats.SUM })));
      return;
    }
    const gauge = jobMetric(this, job, metric, { statistic: Stats.MAXIMUM, period: gaugePeriod });
    const comparisonOperator = ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD;
    this.addAlarm(facts, state({ metric: gauge, threshold: min, comparisonOperator }));
  }

  private addCredentialAlarms({ secretId }: Credential): void {
    const readers = Object.keys(this.jobs).filter((job) => (this.jobs[job]?.deployment.scopes.length ?? 0) > 0);
    const [reader] = readers;
    if (reader === undefined) return;
    const metric = this.credentialDaysLeft(readers);
    const comparisonOperator = ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD;
    for (const urgency of ["thisWeek", "actNow"] as const) {
      const days = credentialDays[urgency];
      const facts: AlarmFacts = {
        chapter: "credential-expiring",
        suffix: `in-${days}-days`,
        urgency,
        meaning: `The credential's JWT expires within ${days} days.`,
        look: metricMinima(this, reader, MetricName.credentialDaysLeft),
        first: `create a new JWT in RingCentral's Developer Console, write rc.json with clientId, clientSecret and jwt, and store it: aws secretsmanager put-secret-value --region ${this.region} --secret-id ${secretId} --secret-string file://rc.json`,
      };
      this.addAlarm(facts, state({ metric, threshold: days, comparisonOperator }));
    }
  }

  private credentialDaysLeft(readers: readonly string[]): IMetric {
    const options = { statistic: Stats.MINIMUM, period: gaugePeriod };
    const usingMetrics = Object.fromEntries(
      readers.map((job, n) => [`left${n}`, jobMetric(this, job, MetricName.credentialDaysLeft, options)]),
    );
    const expression = `MIN([${Object.keys(usingMetrics).join(", ")}])`;
    return new MathExpression({ expression, usingMetrics, period: gaugePeriod, label: "days left" });
  }

  private addAlarm(facts: AlarmFacts, condition: Condition) {
    const alarm = new DescribedAlarm(this, { facts, condition, options: this.options });
    this.all.push(alarm);
    return alarm;
  }
}
