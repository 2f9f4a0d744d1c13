import { Annotations, Duration, RemovalPolicy, Size } from "aws-cdk-lib";
import { Policy, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Alias, type CfnFunction, Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { Env, liveAlias, maxRunDays } from "../../shared/contract.ts";
import type { JobDeployment } from "../../shared/job-deployment.ts";
import { acknowledgeWildcard } from "./acknowledge.ts";
import type { Buckets } from "./buckets.ts";
import type { Credential } from "./credential.ts";
import { createDeadLetterQueue } from "./dead-letter-queue.ts";
import { lambdaParts } from "./lambda-parts.ts";

export interface JobProps {
  readonly deployment: JobDeployment;
  /** Folder of the job's bundle. */
  readonly bundle: string;
  readonly buckets: Buckets;
  /** Only jobs that need app scopes may read it. */
  readonly credential: Credential;
  /** Key that encrypts durable executions: the request, step results and errors. @default AWS's own key */
  readonly key: IKey | undefined;
  /** ARN of the KMS key that signs ledger entries. */
  readonly signingKeyArn: string | undefined;
  /** App scopes that all deployed jobs need together, because they share one access token. */
  readonly scopes: string;
  /** Other deployed jobs of its rate group, which share the rate limit. */
  readonly rateGroupJobs: readonly string[];
  /** Topics of the morning note. */
  readonly noteTopics: readonly ITopic[];
  /** True if a job builds pages, which the note then names. */
  readonly buildsPages: boolean;
  /** Environment variables of every job. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logRetention: RetentionDays;
}

/** One job as a durable function. `start-run` invokes its alias. Old versions are kept, because unfinished runs need them. */
export class Job extends Construct {
  readonly function: LambdaFunction;
  readonly alias: Alias;
  readonly deployment: JobDeployment;
  readonly logGroup: LogGroup;
  /** Receives the event of each run that failed or never began. */
  readonly failedRuns: Queue;

  constructor(scope: Construct, id: string, props: JobProps) {
    super(scope, id);
    const { deployment, buckets, credential, rateGroupJobs } = props;
    const noteTopics = deployment.notifies ? props.noteTopics : [];
    const { common, role, logGroup } = lambdaParts(this, props.bundle, props.logRetention);
    const usesCredential = deployment.scopes.length > 0;
    const signingKeyArn = deployment.keeps ? props.signingKeyArn : undefined;
    this.deployment = deployment;
    this.logGroup = logGroup;
    this.failedRuns = createDeadLetterQueue(this, "FailedRuns");
    this.function = new LambdaFunction(this, "Function", {
      ...common,
      description: "Nightshift job; start it through start-run",
      environment: {
        ...props.environment,
        ...(usesCredential && { [Env.credentialSecret]: credential.secretId, [Env.scopes]: props.scopes }),
        ...(rateGroupJobs.length > 0 && { [Env.rateGroupJobs]: rateGroupJobs.join(",") }),
        ...(noteTopics.length > 0 && { [Env.noteTopics]: noteTopics.map(({ topicArn }) => topicArn).join(",") }),
        ...(noteTopics.length > 0 && props.buildsPages && { [Env.buildsPages]: "true" }),
        ...(signingKeyArn !== undefined && { [Env.signingKeyArn]: signingKeyArn }),
      },
      memorySize: deployment.memoryMb,
      ephemeralStorageSize: Size.mebibytes(deployment.ephemeralStorageMb),
      timeout: Duration.minutes(15),
      durableConfig: { executionTimeout: Duration.days(maxRunDays), retentionPeriod: Duration.days(14) },
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
      // Durable functions support a dead-letter queue, but no failure destination and no retries.
      deadLetterQueue: this.failedRuns,
    });
    // CDK has no property for it yet. https://github.com/aws/aws-cdk/pull/38280
    const resource = this.function.node.defaultChild as CfnFunction;
    if (props.key) resource.addPropertyOverride("DurableConfig.KMSKeyArn", props.key.keyArn);
    // The warning is about replacement, but the function is durable from its creation.
    Annotations.of(this.function).acknowledgeInfo("aws-lambda:Function.DurableConfig");
    buckets.grantAccess(role, deployment);
    if (deployment.verifies) buckets.grantLifecycleRules(role);
    if (usesCredential) credential.grantRead(role);
    for (const topic of noteTopics) topic.grantPublish(role);
    if (signingKeyArn)
      role.addToPrincipalPolicy(
        new PolicyStatement({
          actions: ["kms:Sign", ...(deployment.verifies ? ["kms:GetPublicKey"] : [])],
          resources: [signingKeyArn],
        }),
      );
    this.alias = new Alias(this, "Live", { aliasName: liveAlias, version: this.function.currentVersion });
    this.alias.node.addDependency(this.allowCheckpoints());
  }

  /** Creates a separate policy. In the role's default policy it would depend on the function, which depends on that policy. */
  private allowCheckpoints(): Policy {
    const executions = `${this.function.functionArn}:*`;
    const policy = new Policy(this, "Checkpoints", {
      statements: [
        new PolicyStatement({
          actions: ["lambda:CheckpointDurableExecution", "lambda:GetDurableExecutionState"],
          resources: [executions],
        }),
      ],
    });
    this.function.role?.attachInlinePolicy(policy);
    acknowledgeWildcard(policy, executions, "Names of versions and executions come with each deployment and each run.");
    return policy;
  }
}
