import { Duration, Stack, TimeZone } from "aws-cdk-lib";
import { type IRole, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  ContextAttribute,
  type IScheduleTarget,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
} from "aws-cdk-lib/aws-scheduler";
import { ScheduleTargetBase, type ScheduleTargetBaseProps } from "aws-cdk-lib/aws-scheduler-targets";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

export interface NightlyScheduleProps {
  /** Name of the job to start. */
  readonly job: string;
  /** EventBridge Scheduler expression, in `timeZone`. */
  readonly expression: string;
  /** IANA name. */
  readonly timeZone: string;
  /** False while the schedule is paused. */
  readonly enabled: boolean;
  readonly startRun: IFunction;
  /** Receives events that could not be delivered to `startRun`. */
  readonly failedStarts: IQueue;
}

/**
 * Calls `start-run` for a job every night. The run's name contains the scheduled time, so a repeated delivery starts nothing.
 */
export class NightlySchedule extends Construct {
  constructor(scope: Construct, id: string, props: NightlyScheduleProps) {
    super(scope, id);
    const { job, startRun, failedStarts } = props;
    const ownAccount = { StringEquals: { "aws:SourceAccount": Stack.of(this).account } };
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", { conditions: ownAccount }),
    });
    new Schedule(this, "Schedule", {
      description: `Nightshift: ${job}, every night`,
      schedule: ScheduleExpression.expression(props.expression, TimeZone.of(props.timeZone)),
      enabled: props.enabled,
      target: new InvokeFunction(startRun.functionArn, {
        role,
        input: ScheduleTargetInput.fromObject({ job, scheduledTime: ContextAttribute.scheduledTime }),
        retryAttempts: 10,
        maxEventAge: Duration.hours(2),
        deadLetterQueue: failedStarts,
      }),
    });
  }
}

/** Like CDK's `LambdaInvoke`, but without permission to invoke the function's versions. */
class InvokeFunction extends ScheduleTargetBase implements IScheduleTarget {
  constructor(functionArn: string, props: ScheduleTargetBaseProps) {
    super(props, functionArn);
  }

  protected addTargetActionToRole(role: IRole): void {
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [this.targetArn] }));
  }
}
