import { CfnOutput, type Stack } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { readEvents } from "./aws-commands.ts";
import type { Credential } from "./credential.ts";
import type { Job } from "./job.ts";

export interface NextStepsProps {
  readonly credential: Credential;
  readonly startRun: IFunction;
  readonly startRunLog: ILogGroup;
  /** Keeps what could not be started. */
  readonly failedStarts: IQueue;
  readonly archive: IBucket;
  /** Whose runs and logs are named, by the job's name. */
  readonly jobs: Readonly<Record<string, Job>>;
  /** By which names Athena knows the tables, if there are any. */
  readonly athena: { readonly workgroup: string; readonly database: string } | undefined;
}

/** Says, after a deployment, what to do next: commands to be copied, and where things are. */
export function addOutputs(stack: Stack, props: NextStepsProps): void {
  const { credential, startRun, startRunLog, failedStarts, archive, jobs, athena } = props;
  const tell = outputAdder(stack);
  const invoke = (payload: object) =>
    `aws lambda invoke --region ${stack.region} --function-name ${startRun.functionName} ` +
    `--cli-binary-format raw-in-base64-out --payload '${JSON.stringify(payload)}' /dev/stdout`;
  const [job] = Object.keys(jobs);

  if (credential.isEmpty) {
    tell(
      "Step1StoreCredential",
      'First: store the credential; rc.json holds { "clientId": "...", "clientSecret": "...", "jwt": "..." }',
      `aws secretsmanager put-secret-value --region ${stack.region} --secret-id ${credential.secretId} --secret-string file://rc.json`,
    );
  }
  tell(
    "Step2DryRun",
    "Then: ask what a run would do at least, and whether the buckets can be read; nothing is started",
    invoke({ job, dryRun: true }),
  );
  tell("Step3FirstRun", "Then: start the first run, or wait for the night", invoke({ job }));
  tell("ArchiveBucket", "Where the archive is", `s3://${archive.bucketName}/`);
  if (athena) {
    tell("AthenaWorkgroup", "Where questions are asked: choose it in Athena's query editor", athena.workgroup);
    tell("AthenaDatabase", "Where Athena has the tables", athena.database);
  }
  tell("Log-start-run", "What start-run logs of its requests", tail(stack, startRunLog));
  tell("NotStartedEvents", "Requests that could not be started", readEvents(stack.region, failedStarts));
  for (const [name, job] of Object.entries(jobs)) addRunOutputs(stack, name, job);
}

function addRunOutputs(stack: Stack, name: string, { function: { functionName }, logGroup, failedRuns }: Job): void {
  const tell = outputAdder(stack);
  tell(
    `Runs-${name}`,
    `Runs of ${name}, the latest first`,
    `aws lambda list-durable-executions-by-function --region ${stack.region} --function-name ${functionName}`,
  );
  tell(`Log-${name}`, `What ${name} tells of its runs`, tail(stack, logGroup));
  tell(
    `FailedRuns-${name}`,
    `Events of runs of ${name} that failed or never began`,
    readEvents(stack.region, failedRuns),
  );
}

function tail({ region }: Stack, { logGroupName }: ILogGroup): string {
  return `aws logs tail --region ${region} ${logGroupName} --since 1d`;
}

function outputAdder(stack: Stack) {
  return (id: string, description: string, value: string) => new CfnOutput(stack, id, { description, value });
}
