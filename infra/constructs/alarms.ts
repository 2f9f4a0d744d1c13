import { Duration, Stack } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  type MetricOptions,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { FilterPattern, type LogGroup } from "aws-cdk-lib/aws-logs";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { ArchivePrefix, Metric, type MetricName, metricsNamespace } from "../../shared/contract.ts";
import { eventsGivenUp } from "./failed-events.ts";
import type { Job } from "./job.ts";

/** Each is a heading in docs/operations.md. */
type AlarmName = "run-failed" | "did-not-run" | "start-failed" | "recordings-lost" | "listing-shrank";

export interface AlarmsProps {
  /** Who is told. */
  readonly emails: readonly string[];
  /** What is watched, by the job's name. */
  readonly jobs: Readonly<Record<string, Job>>;
  /** Keeps what was asked and could not be started. */
  readonly notStarted: Queue;
  /** Jobs that start by themselves; of any other, and while all are paused, silence is meant. */
  readonly starting: ReadonlySet<string>;
}

/** Nightly, with two hours to spare; periods of an hour, for shorter ones CloudWatch looks back a day at most. */
const silentHours = 26;

/** Tells people by e-mail when a run failed, could not be started, or did not happen. */
export class Alarms extends Construct {
  private readonly topic: Topic;

  constructor(scope: Construct, id: string, { emails, jobs, notStarted, starting }: AlarmsProps) {
    super(scope, id);
    this.topic = new Topic(this, "Topic", { displayName: "Nightshift", enforceSSL: true });
    for (const email of emails) this.topic.addSubscription(new EmailSubscription(email));
    const ownAccount = { StringEquals: { "aws:SourceAccount": Stack.of(this).account } };
    this.topic.grantPublish(new ServicePrincipal("cloudwatch.amazonaws.com", { conditions: ownAccount }));

    this.rings(
      "start-failed",
      "StartFailed",
      eventsGivenUp(notStarted),
      "A run was asked for and could not be started.",
    );
    for (const [name, job] of Object.entries(jobs)) {
      this.rings(
        "run-failed",
        `RunFailed-${name}`,
        failures(job),
        `A run of ${name} failed, or ended before it could tell.`,
      );
      this.ringsOnSilence(name, job, starting.has(name));
      if (job.deployment.writes.archive.includes(ArchivePrefix.calls)) this.ringsOnLoss(name, job);
    }
  }

  /** Only who archives calls can lose any. */
  private ringsOnLoss(name: string, { logGroup }: Job): void {
    this.rings(
      "recordings-lost",
      `RecordingsLost-${name}`,
      counted(logGroup, Metric.recordingsLost),
      "RingCentral has deleted recordings that were known in time and never got.",
    );
    this.rings(
      "listing-shrank",
      `ListingShrank-${name}`,
      counted(logGroup, Metric.daysShrunk),
      "A day's call log lacks so much that was there before that it is not believed.",
    );
  }

  /** Looks back an hour, because metrics may come late; a fault that is past stops ringing by itself. */
  private rings(name: AlarmName, id: string, metric: IMetric, meaning: string): void {
    const alarm = new Alarm(this, id, {
      alarmDescription: describe(name, meaning),
      metric,
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 12,
      datapointsToAlarm: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
  }

  private ringsOnSilence(name: string, { logGroup }: Job, actionsEnabled: boolean): void {
    const alarm = new Alarm(this, `DidNotRun-${name}`, {
      alarmDescription: describe("did-not-run", `No run of ${name} has finished for ${silentHours} hours.`),
      metric: counted(logGroup, Metric.runsFinished, { period: Duration.hours(1) }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: silentHours,
      treatMissingData: TreatMissingData.BREACHING,
      actionsEnabled,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
  }
}

function describe(name: AlarmName, meaning: string): string {
  return `${meaning} What to look at and to do: docs/operations.md#${name}`;
}

/** What the job's own code tells, what Lambda tells of executions that ended without it, and events that Lambda gave up on. */
function failures(job: Job): MathExpression {
  const lambda = (metricName: string) => job.function.metric(metricName, { statistic: "Sum" });
  return new MathExpression({
    expression: "FILL(told, 0) + FILL(failed, 0) + FILL(timedOut, 0) + FILL(stopped, 0) + FILL(givenUp, 0)",
    label: "runs failed",
    usingMetrics: {
      told: counted(job.logGroup, Metric.runsFailed),
      failed: lambda("DurableExecutionFailed"),
      timedOut: lambda("DurableExecutionTimedOut"),
      stopped: lambda("DurableExecutionStopped"),
      givenUp: eventsGivenUp(job.failedRuns),
    },
  });
}

/**
 * One of the job's own metrics, counted from its log: the metric itself carries no more than the job's name, and two
 * stacks in one AWS account would hide each other's silence.
 */
function counted(logGroup: LogGroup, name: MetricName, options: MetricOptions = {}): IMetric {
  const filter = logGroup.addMetricFilter(name, {
    filterPattern: FilterPattern.numberValue(`$.${name}`, ">=", 1),
    metricNamespace: `${metricsNamespace}/${Stack.of(logGroup).stackName}`,
    metricName: `${logGroup.node.scope?.node.id}-${name}`,
    metricValue: "1",
  });
  return filter.metric({ statistic: "Sum", ...options });
}
