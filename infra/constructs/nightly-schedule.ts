import { Duration, Stack, TimeZone } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { ContextAttribute, Schedule, ScheduleExpression, ScheduleTargetInput } from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { acknowledgeWildcard } from "./acknowledge.ts";

export interface NightlyScheduleProps {
  /** Name of the job that it starts. */
  readonly job: string;
  /** An EventBridge Scheduler expression, in `timeZone`. */
  readonly expression: string;
  /** IANA name. */
  readonly timeZone: string;
  /** False while the schedule is paused. */
  readonly enabled: boolean;
  readonly startRun: IFunction;
  /** Keeps what could not be delivered to `startRun`. */
  readonly notStarted: IQueue;
}

/** Asks `start-run` for a job every night; a run is named by the scheduled time, so that a delivery repeated starts nothing. */
export class NightlySchedule extends Construct {
  constructor(scope: Construct, id: string, props: NightlyScheduleProps) {
    super(scope, id);
    const { job, startRun, notStarted } = props;
    const ownAccount = { StringEquals: { "aws:SourceAccount": Stack.of(this).account } };
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", { conditions: ownAccount }),
    });
    new Schedule(this, "Schedule", {
      description: `Nightshift: ${job}, every night`,
      schedule: ScheduleExpression.expression(props.expression, TimeZone.of(props.timeZone)),
      enabled: props.enabled,
      target: new LambdaInvoke(startRun, {
        role,
        input: ScheduleTargetInput.fromObject({ job, scheduledTime: ContextAttribute.scheduledTime }),
        retryAttempts: 10,
        maxEventAge: Duration.hours(2),
        deadLetterQueue: notStarted,
      }),
    });
    acknowledgeWildcard(role, `${startRun.functionArn}:*`, "CDK's target allows the versions of start-run with it.");
  }
}
