import { Duration } from "aws-cdk-lib";
import { EventField, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Job } from "./job.ts";

export interface AfterJobsProps {
  /** Name of the job to start. */
  readonly job: string;
  /** Jobs after whose runs it starts. */
  readonly after: readonly Job[];
  /** False while automatic starts are paused. */
  readonly enabled: boolean;
  readonly startRun: IFunction;
  /** Receives events that could not be delivered to `startRun`. */
  readonly failedStarts: IQueue;
}

/** The final statuses of a run. https://docs.aws.amazon.com/lambda/latest/dg/durable-monitoring.html */
const finalStatuses = ["SUCCEEDED", "FAILED", "TIMED_OUT", "STOPPED"];

/**
 * Calls `start-run` for a job when a run of another job has ended. The run's name contains the event's time, so a repeated
 * delivery starts nothing.
 */
export class AfterJobs extends Construct {
  constructor(scope: Construct, id: string, { job, after, enabled, startRun, failedStarts }: AfterJobsProps) {
    super(scope, id);
    new Rule(this, "Rule", {
      description: `Nightshift: ${job}, after other jobs`,
      enabled,
      eventPattern: {
        source: ["aws.lambda"],
        detailType: ["Durable Execution Status Change"],
        // By prefix, because the event's ARN ends with a version.
        detail: { status: finalStatuses, functionArn: after.map((other) => ({ prefix: other.function.functionArn })) },
      },
      targets: [
        new LambdaFunction(startRun, {
          event: RuleTargetInput.fromObject({ job, scheduledTime: EventField.time }),
          retryAttempts: 10,
          maxEventAge: Duration.hours(2),
          deadLetterQueue: failedStarts,
        }),
      ],
    });
  }
}
