import { type App, Stack, Tags } from "aws-cdk-lib";
import { Key } from "aws-cdk-lib/aws-kms";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { Env, processEnvironment } from "../shared/contract.ts";
import { jobs as allJobs, type JobDeployment } from "../shared/jobs.ts";
import type { AccountSettings } from "./account-settings.ts";
import { bundleFolders } from "./bundle-folders.ts";
import { Alarms } from "./constructs/alarms.ts";
import { Buckets } from "./constructs/buckets.ts";
import { Credential } from "./constructs/credential.ts";
import { failedEvents } from "./constructs/failed-events.ts";
import { Job } from "./constructs/job.ts";
import { tellNextSteps } from "./constructs/next-steps.ts";
import { NightlySchedule } from "./constructs/nightly-schedule.ts";
import { StartRun } from "./constructs/start-run.ts";

export interface JobRunnerStackProps {
  readonly settings: AccountSettings;
  /** Folder of bundles, one folder per function. */
  readonly bundles: string;
  /** @default the jobs of shared/jobs.ts */
  readonly jobs?: Readonly<Record<string, JobDeployment>>;
}

/** Everything that one RingCentral account needs. */
export class JobRunnerStack extends Stack {
  constructor(app: App, id: string, { settings, bundles, jobs: deployments = allJobs }: JobRunnerStackProps) {
    super(app, id, {
      env: settings.aws,
      description: "Nightshift: keeps every call and recording of a RingCentral account",
    });
    const bundleOf = bundleFolders(bundles, ["start-run", ...Object.keys(deployments)]);
    const key = settings.kmsKeyArn === undefined ? undefined : Key.fromKeyArn(this, "Key", settings.kmsKeyArn);
    const buckets = new Buckets(this, "Buckets", { key, objectLock: settings.objectLock });
    const credential = new Credential(this, "Credential", { existingName: settings.credentialSecretName, key });
    const logRetention: RetentionDays = settings.logRetentionDays ?? RetentionDays.THREE_MONTHS;
    const environment = {
      [Env.archiveBucket]: buckets.archive.bucketName,
      [Env.stateBucket]: buckets.state.bucketName,
      [Env.timeZone]: settings.timeZone,
      [Env.archiveFrom]: settings.archiveFrom,
      ...settlingEnvironment(settings),
    };
    const shared = { buckets, logRetention };

    const jobEnvironment = { ...processEnvironment, ...environment };
    const jobs = mapValues(deployments, (deployment, name) => {
      const bundle = bundleOf(name);
      const own = { deployment, bundle, credential, signWith: settings.signWith, environment: jobEnvironment };
      return new Job(this, name, { ...shared, ...own });
    });
    const notStarted = failedEvents(this, "NotStarted");
    const bundle = bundleOf("start-run");
    const startRun = new StartRun(this, "start-run", { ...shared, bundle, jobs, environment, notStarted }).function;
    for (const [job, { schedule }] of Object.entries(deployments)) {
      const expression = expressionOf(schedule, settings.startAt?.[job]);
      const when = { expression, timeZone: settings.timeZone, enabled: !settings.paused };
      new NightlySchedule(this, `Nightly-${job}`, { ...when, job, startRun, notStarted });
    }
    new Alarms(this, "Alarms", { emails: settings.alarmEmails, jobs, notStarted, expectRuns: !settings.paused });
    tellNextSteps(this, { credential, startRun, archive: buckets.archive, jobs });
    Tags.of(this).add("project", "nightshift");
  }
}

/** What the file says of settling; what it does not say has its default in the functions. */
function settlingEnvironment({ settling }: AccountSettings): Record<string, string> {
  const seconds = { [Env.listingGap]: settling?.listingGapHours, [Env.settleAfter]: settling?.settleAfterHours };
  const said = Object.entries(seconds).flatMap(([name, hours]) =>
    hours === undefined ? [] : [[name, `${hours * 3600}`]],
  );
  return Object.fromEntries(said);
}

/** A time of day, HH:MM, as an expression of EventBridge Scheduler's; without one, the job's own. */
function expressionOf(schedule: string, startAt: string | undefined): string {
  if (startAt === undefined) return schedule;
  const [hour, minute] = startAt.split(":").map(Number);
  return `cron(${minute} ${hour} * * ? *)`;
}

function mapValues<T, R>(values: Readonly<Record<string, T>>, map: (value: T, name: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value, name)]));
}
