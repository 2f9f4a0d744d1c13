import { Duration, Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { Env, StatePrefix } from "../../shared/contract.ts";
import { bucketNames, type Prefixes } from "../../shared/job-deployment.ts";
import type { Buckets } from "./buckets.ts";
import type { Job } from "./job.ts";
import { lambdaParts } from "./lambda-parts.ts";

export interface StartRunProps {
  /** Folder of its bundle. */
  readonly bundle: string;
  /** Jobs that it may start, by name. */
  readonly jobs: Readonly<Record<string, Job>>;
  readonly buckets: Buckets;
  /** Environment variables from the settings. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logRetention: RetentionDays;
  /** Receives requests that it could not start. */
  readonly failedStarts: Queue;
}

/** The function that starts every run, for schedules and operators: it checks the request and invokes the job's alias. */
export class StartRun extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: StartRunProps) {
    super(scope, id);
    const { jobs, buckets, failedStarts } = props;
    const { common, role, logGroup } = lambdaParts(this, props.bundle, props.logRetention);
    this.logGroup = logGroup;
    const targets = Object.fromEntries(Object.entries(jobs).map(([name, { alias }]) => [name, alias.functionArn]));
    this.function = new LambdaFunction(this, "Function", {
      ...common,
      description: "Nightshift: checks a request, returns its estimate, and starts the job",
      environment: { ...props.environment, [Env.targets]: Stack.of(this).toJsonString(targets) },
      memorySize: 512,
      timeout: Duration.minutes(1),
      // Schedules invoke it asynchronously: a failed invocation is retried, then sent to the queue.
      retryAttempts: 2,
      maxEventAge: Duration.hours(1),
      // SqsDestination would also allow reading the queue's attributes.
      onFailure: { bind: () => ({ destination: failedStarts.queueArn }) },
    });
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [failedStarts.queueArn] }),
    );
    const estimates = Object.values(jobs).map(({ deployment }) => deployment.estimateReads);
    const pauses: Prefixes = { state: [StatePrefix.pauses] };
    buckets.grantAccess(role, {
      reads: union([...estimates, pauses]),
      lists: union(estimates.flatMap(({ lists = [] }) => lists)),
    });
    for (const { alias } of Object.values(jobs)) alias.grantInvoke(role);
  }
}

function union(prefixes: readonly Prefixes[]): Prefixes {
  return Object.fromEntries(
    bucketNames.map((bucket) => [bucket, [...new Set(prefixes.flatMap((each) => each[bucket] ?? []))]]),
  );
}
