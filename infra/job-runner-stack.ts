import { join } from "node:path";
import { type App, Duration, Stack, Tags } from "aws-cdk-lib";
import { type IKey, Key } from "aws-cdk-lib/aws-kms";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { DerivedPrefix, Env, processEnvironment } from "../shared/contract.ts";
import { type JobDeployment, rateGroupJobsOf, readsOf } from "../shared/job-deployment.ts";
import { jobs as allJobs } from "../shared/jobs.ts";
import { bundleFolders } from "./bundle-folders.ts";
import { Alarms } from "./constructs/alarms.ts";
import { Buckets } from "./constructs/buckets.ts";
import { Credential } from "./constructs/credential.ts";
import { Dashboard } from "./constructs/dashboard.ts";
import { createDeadLetterQueue } from "./constructs/dead-letter-queue.ts";
import { Job } from "./constructs/job.ts";
import { Notifications } from "./constructs/notifications.ts";
import { addOutputs } from "./constructs/outputs.ts";
import { QueryWorkgroup } from "./constructs/query-workgroup.ts";
import { RunEnds } from "./constructs/run-ends.ts";
import { StartRun } from "./constructs/start-run.ts";
import { Tables } from "./constructs/tables.ts";
import { addTriggers, schedulesOf } from "./constructs/triggers.ts";
import { scopesOf, settingsEnvironment } from "./environment.ts";
import { readNamedQueries } from "./named-queries.ts";
import type { Settings } from "./settings.ts";

type Deployments = Readonly<Record<string, JobDeployment>>;

export interface JobRunnerStackProps {
  readonly settings: Settings;
  /** Folder that holds one folder per function with its bundle. */
  readonly bundles: string;
  /** Jobs that can be deployed. @default the jobs of shared/jobs.ts */
  readonly jobs?: Deployments;
}

/** All AWS resources of one installation, which archives one RingCentral account. */
export class JobRunnerStack extends Stack {
  constructor(app: App, id: string, { settings, bundles, jobs: known = allJobs }: JobRunnerStackProps) {
    super(app, id, {
      env: settings.aws,
      description: "Nightshift: archives every call and recording of a RingCentral account",
    });
    const deployments = selectJobs(known, settings.jobs);
    const bundleOf = bundleFolders(bundles, ["start-run", ...Object.keys(deployments)]);
    const key = settings.kmsKeyArn === undefined ? undefined : Key.fromKeyArn(this, "Key", settings.kmsKeyArn);
    const buckets = new Buckets(this, "Buckets", { key, objectLock: settings.objectLock, jobs: Object.values(known) });
    const credential = new Credential(this, "Credential", { existingName: settings.credentialSecretName, key });
    const logRetention: RetentionDays = settings.logRetentionDays ?? RetentionDays.THREE_MONTHS;
    const environment = {
      [Env.archiveBucket]: buckets.archive.bucketName,
      [Env.stateBucket]: buckets.state.bucketName,
      [Env.derivedBucket]: buckets.derived.bucketName,
      [Env.stackName]: this.stackName,
      ...settingsEnvironment(settings),
    };
    const commonProps = { buckets, logRetention };
    const { actNow, thisWeek = actNow, morningNote = [] } = settings.notify;
    const { topics, ownTopics } = new Notifications(this, "Notifications", {
      recipients: { actNow, thisWeek, morningNote },
    });

    const jobProps = {
      credential,
      key,
      signingKeyArn: settings.signingKeyArn,
      scopes: scopesOf(deployments),
      noteTopics: topics.morningNote,
      buildsPages: buildsPages(deployments),
    };
    const jobEnvironment = { ...processEnvironment, ...environment };
    const jobs = mapValues(deployments, (deployment, name) => {
      return new Job(this, name, {
        ...commonProps,
        ...jobProps,
        // Of a job that is no longer deployed, the archive has what it kept.
        deployment: { ...deployment, reads: readsOf(deployment, Object.values(known)) },
        rateGroupJobs: rateGroupJobsOf(name, deployments),
        bundle: bundleOf(name),
        environment: jobEnvironment,
      });
    });
    const failedStarts = createDeadLetterQueue(this, "FailedStarts");
    const bundle = bundleOf("start-run");
    const { function: startRun, logGroup: startRunLog } = new StartRun(this, "start-run", {
      ...commonProps,
      bundle,
      jobs,
      environment,
      failedStarts,
    });
    const { timeZone, startAt = {}, paused = false } = settings;
    const triggeredJobs = addTriggers(this, { jobs, startAt, timeZone, paused, startRun, failedStarts });
    const schedules = schedulesOf({ jobs, startAt, timeZone, paused });
    new RunEnds(this, "RunEnds", { jobs: Object.values(jobs), startRun, failedStarts });

    const { handbookUrl: handbook = "docs/operations.md" } = settings;
    const alarms = new Alarms(this, "Alarms", {
      topics,
      handbook,
      jobs,
      startRunLog,
      failedStarts,
      triggeredJobs,
      credential,
    });
    const dashboard = new Dashboard(this, "Dashboard", { jobs, alarms: alarms.all, handbook });
    const athena = writesTables(deployments) ? addTables(this, { settings, buckets, key }) : undefined;
    const { archive, state, derived } = buckets;
    const functions = { startRun, startRunLog, failedStarts, jobs, schedules };
    addOutputs(this, { ...functions, credential, archive, state, derived, topics: ownTopics, dashboard, athena });
    Tags.of(this).add("project", "nightshift");
  }
}

/** Returns the jobs that the settings list, or all. */
function selectJobs(known: Deployments, names: readonly string[] | undefined): Deployments {
  if (!names) return known;
  return Object.fromEntries(Object.entries(known).filter(([name]) => names.includes(name)));
}

function writesTables(deployments: Deployments): boolean {
  return Object.values(deployments).some(({ writes }) => writes.derived?.includes(DerivedPrefix.tables));
}

/** True if a job writes pages, and those that it needs are deployed. */
function buildsPages(deployments: Deployments): boolean {
  return Object.values(deployments).some(
    ({ writesOnly, needs = [] }) =>
      writesOnly?.derived?.includes(DerivedPrefix.pages) && needs.every((job) => Object.hasOwn(deployments, job)),
  );
}

interface AddTablesProps {
  readonly settings: Settings;
  readonly buckets: Buckets;
  readonly key: IKey | undefined;
}

/** Makes the tables available in Athena. Returns the names of the workgroup and the database. */
function addTables(stack: Stack, { settings, buckets, key }: AddTablesProps) {
  const { archiveFrom, athenaScanLimitGb: scanLimitGb = 100 } = settings;
  const { databaseName } = new Tables(stack, "Tables", { derived: buckets.derived, archiveFrom });
  const results = buckets.addExpiring("QueryResults", Duration.days(30));
  const queries = readNamedQueries(join(import.meta.dirname, "queries"));
  const { name } = new QueryWorkgroup(stack, "Queries", { databaseName, results, key, scanLimitGb, queries });
  return { workgroup: name, database: databaseName };
}

function mapValues<T, R>(values: Readonly<Record<string, T>>, map: (value: T, name: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value, name)]));
}
