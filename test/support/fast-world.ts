import { setTimeout as sleep } from "node:timers/promises";
import { createDirectS3 } from "../../lab/aws/direct-clients.ts";
import type { ObjectStore } from "../../lab/aws/object-store.ts";
import { type AwsInProcess, openAws } from "../../lab/aws/server.ts";
import type { LabClock } from "../../lab/clock.ts";
import type { AccountPlan } from "../../lab/ringcentral/account-plan.ts";
import { openRingCentral, type RingCentralInProcess, type RingCentralOptions } from "../../lab/ringcentral/server.ts";
import { type Bucket, createBucket } from "../../shared/aws/bucket.ts";
import { ArchivePrefix, Env } from "../../shared/contract.ts";
import { AnalyticsManifest } from "../../shared/core/analytics/analytics-manifest.ts";
import { CallManifest } from "../../shared/core/calls/call-manifest.ts";
import { LedgerEntry } from "../../shared/core/ledger.ts";
import { dayInKey } from "../../shared/core/object-keys.ts";
import { rateGroupJobsOf } from "../../shared/job-deployment.ts";
import { jobs as deployments, type JobName, jobsInTurn } from "../../shared/jobs.ts";
import { type FastJobs, fastJobs } from "./fast-jobs.ts";
import { type FastRun, type FastRunOptions, fastRun } from "./fast-run.ts";
import { type FastStart, fastStartRun } from "./fast-start-run.ts";
import { seedChance } from "./seeded-chance.ts";
import { beginVirtualTime } from "./virtual-time.ts";

export const newYork = "America/New_York";
const dayMs = 24 * 3_600_000;
const secretName = "credential";

export interface FastWorldOptions extends Omit<RingCentralOptions, "clock"> {
  /** @default 03:30 in New York on 2026-11-04, three days after the account's first */
  readonly start?: Date;
  /** An earlier world of this process that this one continues: what S3 held, and the secret. @default none */
  readonly earlier?: { readonly store: ObjectStore; readonly secret: string };
  /** More environment for every job of every stack. */
  readonly environment?: Readonly<Record<string, string>>;
  /** ARNs of the SNS topics. @default none */
  readonly topics?: readonly string[];
  /** Functions under each job's name. @default the deployed jobs */
  readonly jobs?: FastJobs;
  /** True if the AWS SDK's own clients are used, not faster ones with the same effects. @default false */
  readonly sdk?: boolean;
}

/** One installation: its buckets and jobs. */
export interface FastStack {
  readonly name: string;
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly derived: Bucket;
  /** Runs a job to its end; time passes as fast as possible. */
  readonly run: (job: JobName, options?: FastRunOptions) => Promise<FastRun>;
  /** Sends `start-run` a request, as an operator does. */
  readonly sendRequest: (request: unknown) => Promise<FastStart>;
  /** Runs every job in turn, as on any night. */
  readonly night: (options?: FastRunOptions) => Promise<readonly FastRun[]>;
  readonly manifests: () => Promise<Readonly<Record<string, CallManifest>>>;
  readonly analyticsManifests: () => Promise<Readonly<Record<string, AnalyticsManifest>>>;
  /** Entries of the calls' ledger, oldest first. */
  readonly ledger: () => Promise<readonly LedgerEntry[]>;
}

/** RingCentral, AWS and the jobs in this process, under a clock that jumps from timer to timer. */
export interface FastWorld extends FastStack {
  readonly clock: LabClock;
  readonly ringCentral: () => RingCentralInProcess;
  readonly aws: AwsInProcess;
  /** Opens another installation of the same account and app. */
  readonly stack: (name: string) => Promise<FastStack>;
  /** Changes properties of the account from now on. */
  readonly becomes: (plan: AccountPlan) => Promise<void>;
  /** Lets time pass, with everything that is due in it. */
  readonly pass: (ms: number) => Promise<void>;
  /** Lets a day pass, then runs the jobs. */
  readonly nextNight: (options?: FastRunOptions) => Promise<readonly FastRun[]>;
  /** Runs `work` while time passes, for several jobs in parallel. */
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
  readonly close: () => void;
}

/** Opens the only world of a process. The caller must close it. */
export async function openFastWorld(options: FastWorldOptions = {}): Promise<FastWorld> {
  const { sdk, start = new Date("2026-11-04T08:30:00Z"), jobs = fastJobs, seed = 1, earlier } = options;
  // What the earlier world stored was made with the seed itself.
  const restoreChance = seedChance(earlier ? -seed : seed);
  const time = beginVirtualTime(start.getTime());
  const close = () => {
    time.end();
    restoreChance();
  };
  try {
    const clock: LabClock = {
      now: () => Date.now(),
      advance: (ms) => time.setClock(Date.now() + ms),
      offsetMs: () => 0,
    };
    let plan: AccountPlan = { timeZone: newYork, firstDay: "2026-11-01", ...options.account };
    let ringCentral = await openRingCentral({ ...options, clock, account: plan });
    const secret = () => JSON.stringify(ringCentral.credential);
    const aws = await openAws({
      ...(earlier && { store: earlier.store }),
      buckets: {},
      clock,
      checkSkew: false,
      topics: options.topics ?? [],
      secrets: { [secretName]: earlier?.secret ?? secret() },
    });
    const openStack = async (name: string): Promise<FastStack> => {
      const buckets = { archive: `${name}-archive`, state: `${name}-state`, derived: `${name}-derived` };
      await aws.addBuckets({ [buckets.archive]: { versioned: true }, [buckets.state]: {}, [buckets.derived]: {} });
      const environment = { ...environmentOf(plan), ...options.environment, ...environmentOfBuckets(buckets) };
      const run = (job: JobName, runOptions?: FastRunOptions) => {
        const { fetch } = ringCentral;
        return time.run(() =>
          fastRun(
            {
              ...{ jobs, sdk, aws: sdk ? aws.requestHandler : aws.unsignedHandler, fetch },
              environment: { [Env.rateGroupJobs]: rateGroupJobsOf(job, deployments).join(","), ...environment },
            },
            job,
            runOptions,
          ),
        );
      };
      const sendRequest = (request: unknown) =>
        time.run(() => fastStartRun({ aws: aws.unsignedHandler, environment }, request));
      return stackOf(name, { aws, buckets, run, sendRequest });
    };
    const first = await openStack("first");
    return {
      ...first,
      ...{ clock, aws, close },
      ringCentral: () => ringCentral,
      stack: openStack,
      becomes: async (change) => {
        plan = { ...plan, ...change };
        ringCentral = await openRingCentral({ ...options, clock, account: plan });
        aws.putSecret(secretName, secret());
      },
      pass: (ms) => time.run(() => sleep(ms)),
      nextNight: (nightOptions) => {
        clock.advance(dayMs);
        return first.night(nightOptions);
      },
      during: time.run,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function environmentOf({ timeZone = newYork, firstDay = "" }: AccountPlan): Readonly<Record<string, string>> {
  const scopes = new Set(Object.values(deployments).flatMap((job) => job.scopes));
  return {
    [Env.credentialSecret]: secretName,
    [Env.timeZone]: timeZone,
    [Env.archiveFrom]: firstDay,
    [Env.scopes]: [...scopes].sort().join(" "),
  };
}

type BucketNames = Readonly<Record<"archive" | "state" | "derived", string>>;

function environmentOfBuckets({ archive, state, derived }: BucketNames): Readonly<Record<string, string>> {
  return { [Env.archiveBucket]: archive, [Env.stateBucket]: state, [Env.derivedBucket]: derived };
}

interface StackParts extends Pick<FastStack, "run" | "sendRequest"> {
  readonly aws: AwsInProcess;
  readonly buckets: BucketNames;
}

function stackOf(name: string, { aws, buckets, run, sendRequest }: StackParts): FastStack {
  const client = createDirectS3(aws.unsignedHandler);
  const read = async <T>(prefix: string, parse: (json: unknown) => T): Promise<ReadonlyMap<string, T>> => {
    const found = new Map<string, T>();
    for await (const { key } of aws.objects(buckets.archive)) {
      if (key.startsWith(prefix)) found.set(key, parse(JSON.parse((await aws.read(buckets.archive, key)).toString())));
    }
    return found;
  };
  const byDay = <T>(found: ReadonlyMap<string, T>) =>
    Object.fromEntries([...found].map(([key, each]) => [dayInKey(key) ?? key, each]));
  return {
    ...{ name, run, sendRequest },
    archive: createBucket(client, buckets.archive),
    state: createBucket(client, buckets.state),
    derived: createBucket(client, buckets.derived),
    night: async (options) => {
      const runs: FastRun[] = [];
      for (const job of jobsInTurn) runs.push(await run(job, options));
      return runs;
    },
    manifests: async () => byDay(await read(ArchivePrefix.manifests, (json) => CallManifest.parse(json))),
    analyticsManifests: async () =>
      byDay(
        await read(`${ArchivePrefix.analytics}${ArchivePrefix.manifests}`, (json) => AnalyticsManifest.parse(json)),
      ),
    ledger: async () => [...(await read(ArchivePrefix.ledger, (json) => LedgerEntry.parse(json))).values()],
  };
}
