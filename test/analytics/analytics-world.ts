import { onTestFinished } from "vitest";
import { collectAnalytics } from "../../shared/analytics/collect-analytics.ts";
import { type Bucket, createBucket } from "../../shared/aws/bucket.ts";
import type { MetricName } from "../../shared/contract.ts";
import type { JobError } from "../../shared/errors.ts";
import type { Engine } from "../../shared/runtime/engine.ts";
import { type RunReport, runJob } from "../../shared/runtime/run-job.ts";
import { enterLab, s3Client } from "../lab/aws/trial/lab-under-test.ts";
import { createClock, type LabClock } from "../lab/clock.ts";
import type { AccountPlan } from "../lab/ringcentral/account-plan.ts";
import { type RingCentral, type RingCentralOptions, startRingCentral } from "../lab/ringcentral/server.ts";
import { createInMemoryEngine } from "../runtime/in-memory-engine.ts";
import { watched } from "../tables/watched-bucket.ts";
import { datedBucket } from "./dated-bucket.ts";
import { jobServices, type Settings } from "./job-services.ts";
import { takeNotes } from "./run-notes.ts";
import { smallAccount, smallSettings } from "./small-account.ts";

export const account = "7";
export const newYork = "America/New_York";
const dayMs = 24 * 3_600_000;

export interface WorldOptions extends Omit<RingCentralOptions, "clock"> {
  /** @default 03:45 in New York on 2026-11-04, three days after the account's first */
  readonly start?: Date;
  /** @default buckets in memory */
  readonly buckets?: (clock: LabClock) => Promise<Buckets>;
}

export interface Buckets {
  readonly archive: Bucket;
  readonly state: Bucket;
}

export interface RunOptions extends Partial<Settings> {
  readonly request?: object;
  /** @default told by the lab's time */
  readonly run?: string;
  /** What stands between the job and RingCentral, S3 and the engine. @default nothing */
  readonly fetch?: typeof fetch;
  readonly through?: (bucket: Bucket) => Bucket;
  readonly engine?: (engine: Engine) => Engine;
}

/** How a run of the job ended, and what it did. */
export interface AnalyticsRun {
  readonly report: RunReport | undefined;
  readonly error: JobError | undefined;
  /** What was counted, by metric. */
  readonly told: Readonly<Partial<Record<MetricName, number>>>;
  /** Every line of the log, with all its facts. */
  readonly logged: readonly string[];
  /** Every request for analytics that was sent, as its address and body. */
  readonly asked: readonly string[];
  /** Keys of everything that was written into the archive. */
  readonly written: readonly string[];
}

export interface AnalyticsWorld extends Buckets {
  readonly clock: LabClock;
  readonly ringCentral: () => RingCentral;
  /** The same account from now on, but for this. */
  readonly becomes: (plan: AccountPlan) => Promise<void>;
  /** Runs the job as it is, to its end; waits take no time. */
  readonly run: (options?: RunOptions) => Promise<AnalyticsRun>;
  /** Lets a night pass, and runs the job. */
  readonly nextNight: (options?: RunOptions) => Promise<AnalyticsRun>;
}

/** Everything around the job in the lab: RingCentral over HTTP, S3, the real client and token broker, an engine in memory. */
export async function openAnalyticsWorld(options: WorldOptions = {}): Promise<AnalyticsWorld> {
  const { start = new Date("2026-11-04T08:45:00Z"), buckets: open = inMemory } = options;
  const clock = createClock(start);
  const buckets = await open(clock);
  let plan: AccountPlan = {
    id: account,
    firstDay: "2026-11-01",
    timeZone: newYork,
    ...smallAccount,
    ...options.account,
  };
  const openRingCentral = async () => {
    const opened = await startRingCentral({ ...options, clock, account: plan });
    onTestFinished(() => opened.stop());
    return opened;
  };
  let ringCentral = await openRingCentral();
  const run = (runOptions: RunOptions = {}) => runAnalytics({ clock, ringCentral, ...buckets }, runOptions);
  return {
    ...{ ...buckets, clock, run },
    ringCentral: () => ringCentral,
    becomes: async (change) => {
      plan = { ...plan, ...change };
      ringCentral = await openRingCentral();
    },
    nextNight: (runOptions) => {
      clock.advance(dayMs);
      return run(runOptions);
    },
  };
}

export async function inMemory(clock: LabClock): Promise<Buckets> {
  return { archive: datedBucket(clock), state: datedBucket(clock) };
}

/** The lab's S3, which goes with the test. */
export async function inS3(clock: LabClock): Promise<Buckets> {
  const client = s3Client(await enterLab({ clock, checkSkew: false }), { requestChecksumCalculation: "WHEN_REQUIRED" });
  return { archive: createBucket(client, "archive"), state: createBucket(client, "state") };
}

interface RunWorld extends Buckets {
  readonly clock: LabClock;
  readonly ringCentral: RingCentral;
}

async function runAnalytics(world: RunWorld, options: RunOptions): Promise<AnalyticsRun> {
  const { clock, ringCentral } = world;
  const { run = `night of ${new Date(clock.now()).toISOString()}`, request = {}, through = same } = options;
  const notes = takeNotes();
  const archive = watched(through(world.archive), notes.done);
  const state = through(world.state);
  const { log, metrics } = notes;
  const given = { archive, state, clock, ringCentral, log, metrics, timeZone: newYork };
  const services = jobServices(
    { ...given, fetch: notes.asking(options.fetch ?? fetch) },
    { ...smallSettings, ...options },
  );
  // A wait is rounded to whole seconds; the half that may lack would pass for real.
  const engine = createInMemoryEngine({ advance: (ms) => clock.advance(ms + 500) });
  const event = { run, manual: "request" in options, request };
  const job = { ...collectAnalytics, services, telling: notes.telling };
  const report = await engine
    .run((each) => runJob(job, (options.engine ?? same)(each), event))
    .catch((thrown: unknown) => {
      if (!notes.error()) throw thrown;
      return undefined;
    });
  const { told, logged, asked, written } = notes;
  return { report, error: notes.error(), told, logged, asked, written };
}

const same = <T>(each: T): T => each;
