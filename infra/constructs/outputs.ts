import { CfnOutput, type Stack } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { StackOutput } from "../../shared/contract.ts";
import { readEvents } from "./aws-commands.ts";
import type { Credential } from "./credential.ts";
import type { Dashboard } from "./dashboard.ts";
import type { Job } from "./job.ts";

export interface AddOutputsProps {
  readonly credential: Credential;
  readonly startRun: IFunction;
  readonly startRunLog: ILogGroup;
  /** Receives requests that could not be started. */
  readonly failedStarts: IQueue;
  readonly archive: IBucket;
  readonly state: IBucket;
  readonly derived: IBucket;
  /** The deployed jobs by name. */
  readonly jobs: Readonly<Record<string, Job>>;
  /** The topics with e-mail addresses, by id. */
  readonly topics: Readonly<Record<string, ITopic>>;
  readonly dashboard: Dashboard;
  /** When the jobs with an enabled schedule start, by name: an expression and its time zone. */
  readonly schedules: Readonly<Record<string, string>>;
  /** Names in Athena, if tables are deployed. */
  readonly athena: { readonly workgroup: string; readonly database: string } | undefined;
}

/** Adds the stack's outputs: commands for the next steps after a deployment, and the names of resources. */
export function addOutputs(stack: Stack, props: AddOutputsProps): void {
  const { credential, startRun, startRunLog, failedStarts, archive, state, derived } = props;
  const { jobs, schedules, topics, dashboard, athena } = props;
  const addOutput = outputAdder(stack);
  const invoke = (payload: object) =>
    `aws lambda invoke --region ${stack.region} --function-name ${startRun.functionName} ` +
    `--cli-binary-format raw-in-base64-out --payload '${JSON.stringify(payload)}' /dev/stdout`;
  const [job] = Object.keys(jobs);

  if (credential.isEmpty) {
    addOutput(
      "Step1StoreCredential",
      'First: store the credential; rc.json holds { "clientId": "...", "clientSecret": "...", "jwt": "..." }',
      `aws secretsmanager put-secret-value --region ${stack.region} --secret-id ${credential.secretId} --secret-string file://rc.json`,
    );
  }
  addOutput(
    "Step2DryRun",
    "Then: estimate a run and check that the buckets can be read; this starts nothing",
    invoke({ job, dryRun: true }),
  );
  addOutput("Step3FirstRun", "Then: start the first run, or wait for the scheduled one", invoke({ job }));
  addOutput(StackOutput.archiveBucket, "The bucket of the archive", `s3://${archive.bucketName}/`);
  addOutput(StackOutput.stateBucket, "The bucket of the runs' own notes", `s3://${state.bucketName}/`);
  addOutput(StackOutput.derivedBucket, "The bucket of the tables", `s3://${derived.bucketName}/`);
  if (athena) {
    addOutput("AthenaWorkgroup", "The workgroup for queries: choose it in Athena's query editor", athena.workgroup);
    addOutput("AthenaDatabase", "The database of the tables in Athena", athena.database);
  }
  addOutput("DashboardUrl", "The dashboard in CloudWatch", dashboard.url);
  addOutput(StackOutput.startRun, "The function that starts runs", startRun.functionName);
  addOutput(StackOutput.credentialSecret, "The secret with the credential", credential.secretId);
  addOutput(StackOutput.log("start-run"), "Log group of start-run and its requests", startRunLog.logGroupName);
  addOutput("FailedStartEvents", "Requests that could not be started", readEvents(stack.region, failedStarts));
  for (const [id, { topicArn }] of Object.entries(topics))
    addOutput(`${id}Topic`, "The topic with the e-mail addresses of the settings", topicArn);
  for (const [name, job] of Object.entries(jobs)) addRunOutputs(stack, name, job);
  for (const [name, schedule] of Object.entries(schedules))
    addOutput(StackOutput.jobSchedule(name), `When ${name} starts every night`, schedule);
}

function addRunOutputs(stack: Stack, name: string, { function: { functionName }, logGroup, failedRuns }: Job): void {
  const addOutput = outputAdder(stack);
  addOutput(
    `Runs-${name}`,
    `Runs of ${name}, newest first`,
    `aws lambda list-durable-executions-by-function --region ${stack.region} --function-name ${functionName}`,
  );
  addOutput(StackOutput.jobFunction(name), `The function of ${name}`, functionName);
  addOutput(StackOutput.log(name), `Log group of the runs of ${name}`, logGroup.logGroupName);
  addOutput(
    `FailedRunEvents-${name}`,
    `Events of runs of ${name} that failed or never began`,
    readEvents(stack.region, failedRuns),
  );
}

function outputAdder(stack: Stack) {
  return (id: string, description: string, value: string) => new CfnOutput(stack, id, { description, value });
}
