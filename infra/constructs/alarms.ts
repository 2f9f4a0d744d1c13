import { Duration, Stack } from "aws-cdk-lib";
import {
  Alarm,
  type AlarmProps,
  type CfnAlarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { LogGroup } from "aws-cdk-lib/aws-logs";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { MetricName } from "../../shared/contract.ts";
import { createAlarmMails, type LoggedAlarm } from "./alarm-mails.ts";
import type { Credential } from "./credential.ts";
import { deadLetterCount } from "./dead-letter-queue.ts";
import type { Job } from "./job.ts";
import { jobMetric } from "./job-metric.ts";
import { lastRuns, maxSilence, signsOfLife } from "./run-metrics.ts";

export interface AlarmsProps {
  /** E-mail addresses that receive the alarms. */
  readonly emails: readonly string[];
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

/** Days in which an operator can create and store a new JWT. */
const minCredentialDays = 14;

/** A gauge is published at the end of a run. */
const gaugePeriod = Duration.hours(1);

type AlarmCondition = Pick<AlarmProps, "metric" | "threshold" | "comparisonOperator">;

/** Alarms by e-mail, one for each meaning, for all jobs together. */
export class Alarms extends Construct {
  private readonly topic: Topic;
  private readonly mailOf: (name: string, meaning: string) => string;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { emails, jobs, startRunLog, failedStarts, triggeredJobs, credential, handbook } = props;
    this.topic = new Topic(this, "Topic", { displayName: "Nightshift", enforceSSL: true });
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
    const ownAccount = { StringEquals: { "aws:SourceAccount": Stack.of(this).account } };
    this.topic.grantPublish(new ServicePrincipal("cloudwatch.amazonaws.com", { conditions: ownAccount }));

    const all = Object.values(jobs);
    const logGroups = all.map(({ logGroup }) => logGroup);
    const jobAlarms = Object.entries(jobs).flatMap(
      ([
        job,
        {
          deployment: { alarms = [] },
          logGroup,
        },
      ]) => alarms.map((alarm) => ({ job, alarm, logGroup })),
    );
    const { secretId } = credential;
    const readers = Object.keys(jobs).filter((job) => (jobs[job]?.deployment.scopes.length ?? 0) > 0);
    const [credentialReader] = readers;
    const mailOptions = { handbook, logGroups, jobAlarms, startRunLog, failedStarts, secretId, credentialReader };
    this.mailOf = createAlarmMails(this, mailOptions);

    this.addIncidentAlarm("start-failed", deadLetterCount(failedStarts), "A run could not be started.");
    this.addStateAlarm("run-failed", "The last run of a job failed, timed out or was stopped.", {
      metric: lastRuns(this, jobs),
      threshold: 0,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    });
    if (triggeredJobs.size > 0) this.addSilenceAlarm(signsOfLife(this, jobs, triggeredJobs));
    for (const each of jobAlarms) this.addJobAlarm(each);
    this.addCredentialAlarm(readers);
  }

  private addJobAlarm({ job, alarm: { name, metric, min, meaning } }: LoggedAlarm): void {
    if (min === undefined) {
      this.addIncidentAlarm(name, jobMetric(this, job, metric, { statistic: Stats.SUM }), meaning);
      return;
    }
    this.addStateAlarm(name, meaning, {
      metric: jobMetric(this, job, metric, { statistic: Stats.MAXIMUM, period: gaugePeriod }),
      threshold: min,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    });
  }

  private addCredentialAlarm(readers: readonly string[]): void {
    if (readers.length === 0) return;
    const options = { statistic: Stats.MINIMUM, period: gaugePeriod };
    const usingMetrics = Object.fromEntries(
      readers.map((job, n) => [`left${n}`, jobMetric(this, job, MetricName.credentialDaysLeft, options)]),
    );
    const expression = `MIN([${Object.keys(usingMetrics).join(", ")}])`;
    this.addStateAlarm("credential-expiring", `The credential's JWT expires within ${minCredentialDays} days.`, {
      metric: new MathExpression({ expression, usingMetrics, period: gaugePeriod, label: "days left" }),
      threshold: minCredentialDays,
      comparisonOperator: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
    });
  }

  /** Adds an alarm of an incident. It looks back one hour and then ends, so that the next incident sends another e-mail. */
  private addIncidentAlarm(name: string, metric: IMetric, meaning: string): void {
    this.addAlarm(name, meaning, {
      metric,
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // Metrics may arrive late.
      evaluationPeriods: 12,
      datapointsToAlarm: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  /** Adds an alarm of a condition. Its state changes only with a new value. */
  private addStateAlarm(name: string, meaning: string, condition: AlarmCondition): void {
    this.addAlarm(name, meaning, { ...condition, evaluationPeriods: 1, treatMissingData: TreatMissingData.IGNORE });
  }

  /** Adds the alarm of silent jobs. Its evaluation begins when the first night after the deployment must have begun. */
  private addSilenceAlarm(metric: IMetric): void {
    const alarm = this.addAlarm("did-not-run", `A job has shown no activity for ${maxSilence.toHours()} hours.`, {
      metric,
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.BREACHING,
    });
    alarm.addOkAction(new SnsAction(this.topic));
    (alarm.node.defaultChild as CfnAlarm).warmUpConfiguration = {
      warmUpPeriodDurationInMinutes: maxSilence.toMinutes(),
      onlyStartEvaluatingAfterWarmUpPeriodEnds: true,
    };
  }

  private addAlarm(name: string, meaning: string, props: Omit<AlarmProps, "alarmName" | "alarmDescription">): Alarm {
    const alarm = new Alarm(this, name, {
      ...props,
      // The subject of the e-mail. A fixed name is safe: only a change of the name replaces an alarm.
      alarmName: `${Stack.of(this).stackName}-${name}`,
      alarmDescription: this.mailOf(name, meaning),
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    return alarm;
  }
}
