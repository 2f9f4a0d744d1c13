import { Duration } from "aws-cdk-lib";
import { EventField, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Job } from "./job.ts";

export interface RunEndsProps {
  /** Jobs whose runs are monitored. */
  readonly jobs: readonly Job[];
  readonly startRun: IFunction;
  /** Receives events that could not be delivered to `startRun`. */
  readonly failedStarts: IQueue;
}

/**
 * Final statuses with which a run may have reported nothing itself.
 * https://docs.aws.amazon.com/lambda/latest/dg/durable-monitoring.html
 */
const failedStatuses = ["FAILED", "TIMED_OUT", "STOPPED"];

/** Calls `start-run` for each failed run, which reports it for the alarm run-failed. A stopped run cannot report itself. */
export class RunEnds extends Construct {
  constructor(scope: Construct, id: string, { jobs, startRun, failedStarts }: RunEndsProps) {
    super(scope, id);
    new Rule(this, "Rule", {
      description: "Nightshift: reports runs that failed, timed out or were stopped",
      eventPattern: {
        source: ["aws.lambda"],
        detailType: ["Durable Execution Status Change"],
        // By prefix, because the event's ARN ends with a version.
        detail: { status: failedStatuses, functionArn: jobs.map((job) => ({ prefix: job.function.functionArn })) },
      },
      targets: [
        new LambdaFunction(startRun, {
          event: RuleTargetInput.fromObject({
            endedFunction: EventField.fromPath("$.detail.functionArn"),
            endedAt: EventField.time,
          }),
          retryAttempts: 10,
          maxEventAge: Duration.hours(2),
          deadLetterQueue: failedStarts,
        }),
      ],
    });
  }
}
