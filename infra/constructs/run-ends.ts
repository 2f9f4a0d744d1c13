import { Duration } from "aws-cdk-lib";
import { EventField, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Job } from "./job.ts";

export interface RunEndsProps {
  /** Whose runs are watched. */
  readonly jobs: readonly Job[];
  readonly startRun: IFunction;
  /** Keeps what could not be delivered to `startRun`. */
  readonly failedStarts: IQueue;
}

/** Ends after which a run may not have reported anything (Lambda developer guide: monitoring durable functions). */
const badEnds = ["FAILED", "TIMED_OUT", "STOPPED"];

/** Lets `start-run` report, for the alarm run-failed, each run that ended badly: one that was stopped or timed out cannot. */
export class RunEnds extends Construct {
  constructor(scope: Construct, id: string, { jobs, startRun, failedStarts }: RunEndsProps) {
    super(scope, id);
    new Rule(this, "Rule", {
      description: "Nightshift: reports runs that ended badly",
      eventPattern: {
        source: ["aws.lambda"],
        detailType: ["Durable Execution Status Change"],
        // By prefix: the ARN that the event names ends with a version.
        detail: { status: badEnds, functionArn: jobs.map((job) => ({ prefix: job.function.functionArn })) },
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
