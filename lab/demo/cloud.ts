import { existsSync } from "node:fs";
import { join } from "node:path";
import { Env, liveAlias, maxRunDays, processEnvironment, StackOutput } from "../../shared/contract.ts";
import { type JobDeployment, rateGroupJobsOf } from "../../shared/job-deployment.ts";
import { jobs } from "../../shared/jobs.ts";
import type { StartResponse } from "../../shared/runtime/start-run.ts";
import type { ObjectStore } from "../aws/object-store.ts";
import type { LabSchedule } from "../aws/scheduler-service.ts";
import { type Aws, startAws } from "../aws/server.ts";
import type { LabClock } from "../clock.ts";
import type { ExecutionView } from "../lambda/execution.ts";
import type { LambdaEvent } from "../lambda/lambda-event.ts";
import { type Lambda, startLambda } from "../lambda/server.ts";
import { openStoredLogs } from "./stored-logs.ts";

export const archiveBucket = "nightshift-archive";
export const stateBucket = "nightshift-state";
export const derivedBucket = "nightshift-derived";
const secretName = "nightshift-credential";
/** The stack that the lab's AWS describes. */
const stack = "nightshift-lab";
const alarmTopic = "arn:aws:sns:us-east-1:123456789012:nightshift-lab-ActNow";
const startRunArn = "arn:aws:lambda:us-east-1:123456789012:function:start-run";
const dist = join(import.meta.dirname, "../../dist");

export interface CloudOptions {
  readonly clock: LabClock;
  /** Folder of the bundles to deploy. @default this version's */
  readonly bundles?: string;
  /** Holds a folder per bucket. @default in memory */
  readonly dir?: string;
  /** What S3 holds already, without a folder. @default nothing */
  readonly store?: ObjectStore;
  /** Value of the credential's secret; undefined if it has none yet. */
  readonly secret: string | undefined;
  readonly timeZone: string;
  readonly archiveFrom: string;
  /** True if waits take no time: the clock jumps. */
  readonly skipWaits: boolean;
  /** More environment for the functions. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Size of /tmp in bytes, which `lambda.limitStorage` may change. @default no limit */
  readonly tmpBytes?: number;
  /** Error of the functions' own clocks in ms. @default 0 */
  readonly clockErrorMs?: number;
  readonly onEvent?: (event: LambdaEvent) => void;
}

/** AWS on this machine, with the deployed bundles. */
export interface Cloud {
  readonly aws: Aws;
  readonly lambda: Lambda;
  /** Calls `start-run`, as a schedule or an operator does. */
  readonly sendRequest: (request?: object) => Promise<StartResponse>;
  /** Replaces the credential's secret. */
  readonly putCredential: (credential: object | string) => void;
  /** Publishes a new version of every function, with other options if given; running executions keep theirs. */
  readonly deploy: (change?: Partial<Pick<CloudOptions, "bundles" | "timeZone">>) => void;
  /** Starts a run and waits until it has ended. */
  readonly run: (request?: object) => Promise<ExecutionView>;
  readonly stop: () => Promise<void>;
}

export async function openCloud(options: CloudOptions): Promise<Cloud> {
  const { clock, dir, store, skipWaits, onEvent } = options;
  const logs = openStoredLogs(dir);
  const buckets = { [archiveBucket]: { versioned: true }, [stateBucket]: {}, [derivedBucket]: {} };
  const aws = await startAws({
    dir,
    ...(store && { store }),
    clock,
    buckets,
    secrets: { [secretName]: options.secret },
    stacks: { [stack]: { ...outputs, ...scheduleOutputs(options.timeZone) } },
    readLog: (logGroup) => (functionNames.includes(logGroup) ? logs.read(logGroup) + lambda.logs(logGroup) : undefined),
    topics: [alarmTopic],
    subscriptions: [{ topic: alarmTopic, endpoint: "ops@example.com", isConfirmed: true }],
    schedules: schedulesIn(options.timeZone),
  });
  const lambda = await startLambda({ clock, skipWaits, environment: { AWS_ENDPOINT_URL: aws.url }, onEvent });
  const deploy: Cloud["deploy"] = ({ bundles = dist, timeZone = options.timeZone } = {}) =>
    deployBundles(lambda, bundles, { ...options, timeZone });
  deploy({ bundles: options.bundles ?? dist });

  const sendRequest = async (request: object = { job: "archive-calls" }): Promise<StartResponse> => {
    const { payload, functionError } = await lambda.invoke("start-run", request);
    if (functionError) throw new Error(`start-run failed: ${JSON.stringify(payload)}`);
    return payload as StartResponse;
  };
  return {
    aws,
    lambda,
    sendRequest,
    deploy,
    putCredential: (credential) =>
      aws.putSecret(secretName, typeof credential === "string" ? credential : JSON.stringify(credential)),
    run: async (request) => {
      const response = await sendRequest(request);
      if (!response.started) throw new Error(`not started: ${JSON.stringify(response)}`);
      return lambda.waitFor(response.job, response.run);
    },
    stop: async () => {
      await lambda.stop();
      for (const name of functionNames) logs.append(name, lambda.logs(name));
      await aws.stop();
    },
  };
}

const functionNames = ["start-run", ...Object.keys(jobs)];

const scheduled = Object.entries<JobDeployment>(jobs).flatMap(([job, { schedule: expression }]) =>
  expression === undefined ? [] : [{ job, expression }],
);

/** Schedules as the stack has them. */
function schedulesIn(timeZone: string): readonly LabSchedule[] {
  return scheduled.map(({ job, expression }) => ({
    ...{ name: `${stack}-Nightly${job}`, expression, timeZone },
    ...{ isEnabled: true, target: startRunArn, input: { job } },
  }));
}

function scheduleOutputs(timeZone: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    scheduled.map(({ job, expression }) => [StackOutput.jobSchedule(job), `${expression} ${timeZone}`]),
  );
}

/** Outputs of the stack that the command line reads. */
const outputs: Readonly<Record<string, string>> = {
  [StackOutput.archiveBucket]: `s3://${archiveBucket}/`,
  [StackOutput.stateBucket]: `s3://${stateBucket}/`,
  DerivedBucket: `s3://${derivedBucket}/`,
  [StackOutput.startRun]: "start-run",
  ActNowTopic: alarmTopic,
  [StackOutput.credentialSecret]: secretName,
  ...Object.fromEntries(Object.keys(jobs).map((job) => [StackOutput.jobFunction(job), job])),
  ...Object.fromEntries(functionNames.map((name) => [StackOutput.log(name), name])),
};

/** Deploys bundles as the stack does. */
function deployBundles(lambda: Lambda, bundles: string, options: CloudOptions): void {
  const { timeZone, archiveFrom, environment, clockErrorMs = 0, tmpBytes } = options;
  const targets = Object.fromEntries(Object.keys(jobs).map((job) => [job, `${job}:${liveAlias}`]));
  const common = {
    alias: liveAlias,
    clockErrorMs,
    environment: {
      [Env.archiveBucket]: archiveBucket,
      [Env.stackName]: stack,
      [Env.stateBucket]: stateBucket,
      [Env.derivedBucket]: derivedBucket,
      [Env.credentialSecret]: secretName,
      [Env.timeZone]: timeZone,
      [Env.archiveFrom]: archiveFrom,
      [Env.scopes]: [...new Set(Object.values(jobs).flatMap(({ scopes }) => scopes))].sort().join(" "),
      [Env.targets]: JSON.stringify(targets),
      ...environment,
    },
  };
  lambda.deploy({ ...common, name: "start-run", dir: join(bundles, "start-run"), memoryMb: 512, timeoutMs: 60_000 });
  // An earlier version may not have every job.
  const deployed = Object.entries(jobs).filter(([name]) => bundles === dist || existsSync(join(bundles, name)));
  for (const [name, { memoryMb }] of deployed) {
    const durable = { executionTimeoutSeconds: maxRunDays * 24 * 3600 };
    const environment = {
      ...processEnvironment,
      [Env.rateGroupJobs]: rateGroupJobsOf(name, jobs).join(","),
      ...common.environment,
    };
    const sizes = { memoryMb, timeoutMs: 900_000, ...(tmpBytes !== undefined && { ephemeralStorageBytes: tmpBytes }) };
    lambda.deploy({ ...common, ...sizes, environment, name, dir: join(bundles, name), durable });
  }
}
