import { Duration } from "aws-cdk-lib";
import { EventField, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Job } from "./job.ts";

export interface AfterJobsProps {
  /** Name of the job that it starts. */
  readonly job: string;
  /** The end of whose runs it waits for. */
  readonly after: readonly Job[];
  /** False while nothing is to start by itself. */
  readonly enabled: boolean;
  readonly startRun: IFunction;
  /** Keeps what could not be delivered to `startRun`. */
  readonly failedStarts: IQueue;
}

/** However a run may end (Lambda developer guide: monitoring durable functions). */
const ends = ["SUCCEEDED", "FAILED", "TIMED_OUT", "STOPPED"];

/** Asks `start-run` for a job when a run of another has ended; a run is named by the event's time, so that a delivery repeated starts nothing. */
export class AfterJobs extends Construct {
  constructor(scope: Construct, id: string, { job, after, enabled, startRun, failedStarts }: AfterJobsProps) {
    super(scope, id);
    new Rule(this, "Rule", {
      description: `Nightshift: ${job}, after other jobs`,
      enabled,
      eventPattern: {
        source: ["aws.lambda"],
        detailType: ["Durable Execution Status Change"],
        // By prefix: the ARN that the event names ends with a version.
        detail: { status: ends, functionArn: after.map((other) => ({ prefix: other.function.functionArn })) },
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
