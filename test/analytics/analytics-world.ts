import { randomUUID } from "node:crypto";
import { onTestFinished } from "vitest";
import { collectAnalytics } from "../../shared/analytics/collect-analytics.ts";
import type { AnalyticsServices } from "../../shared/analytics/services.ts";
import { type Bucket, createBucket } from "../../shared/aws/bucket.ts";
import { createRunOwner, OwnerRecord } from "../../shared/aws/run-owner.ts";
import { versionedObject } from "../../shared/aws/versioned-object.ts";
import { Metric, type MetricName } from "../../shared/contract.ts";
import { type AnalyticsRules, analyticsBook } from "../../shared/core/analytics/book.ts";
import { type Metric as AnalyticsMetric, metrics, usualGroups } from "../../shared/core/analytics/vocabulary.ts";
import type { Day } from "../../shared/core/days.ts";
import { stateKeys } from "../../shared/core/object-keys.ts";
import type { JobError } from "../../shared/errors.ts";
import { createClient } from "../../shared/ringcentral/client.ts";
import { parseCredential } from "../../shared/ringcentral/credential.ts";
import { createRateGate } from "../../shared/ringcentral/rate-gate.ts";
import { createTokenBroker } from "../../shared/ringcentral/token-broker.ts";
import { createTokenExchange } from "../../shared/ringcentral/token-exchange.ts";
import { TokenRecord } from "../../shared/ringcentral/token-record.ts";
import type { Engine } from "../../shared/runtime/engine.ts";
import type { Run, RunStatus } from "../../shared/runtime/job.ts";
import { type RunReport, runJob } from "../../shared/runtime/run-job.ts";
import { enterLab, s3Client } from "../lab/aws/trial/lab-under-test.ts";
import { createClock, type LabClock } from "../lab/clock.ts";
import type { AccountPlan } from "../lab/ringcentral/account-plan.ts";
import { type RingCentral, type RingCentralOptions, startRingCentral } from "../lab/ringcentral/server.ts";
import { createInMemoryEngine } from "../runtime/in-memory-engine.ts";

export const account = "7";
export const newYork = "America/New_York";
/** 03:45 in New York, three days after the account's first. */
const fourthNight = new Date("2026-11-04T08:45:00Z");
const scopes = ["ReadAccounts", "Analytics"];

export interface Settings extends AnalyticsRules {
  readonly archiveFrom: Day;
  readonly chosen: readonly AnalyticsMetric[];
}

export interface WorldOptions extends Omit<RingCentralOptions, "clock"> {
  readonly start?: Date;
  readonly timeZone?: string;
  /** @default the lab's S3 */
  readonly buckets?: Buckets;
}

export interface Buckets {
  readonly archive: Bucket;
  readonly state: Bucket;
}

export interface RunOptions extends Partial<Settings> {
  readonly request?: object;
  /** @default the lab's time */
  readonly run?: string;
  /** What stands between the job and RingCentral, and S3. @default nothing */
  readonly fetch?: typeof fetch;
  readonly through?: (bucket: Bucket) => Bucket;
  /** What stands between the job and the engine. @default nothing */
  readonly engine?: (engine: Engine) => Engine;
}

/** How a run of the job ended, and what it did. */
export interface AnalyticsRun {
  readonly report: RunReport | undefined;
  readonly error: JobError | undefined;
  /** What was counted, by metric. */
  readonly told: Readonly<Partial<Record<MetricName, number>>>;
  /** Every line of the log, as it is printed. */
  readonly logged: readonly string[];
  /** Every request for analytics that was sent, as its address and body. */
  readonly asked: readonly string[];
}

export interface AnalyticsWorld extends Buckets {
  readonly clock: LabClock;
  readonly timeZone: string;
  readonly ringCentral: () => RingCentral;
  /** The same account from now on, but for this. */
  readonly becomes: (plan: AccountPlan) => Promise<void>;
  /** Runs the job as it is, to its end; waits take no time. */
  readonly run: (options?: RunOptions) => Promise<AnalyticsRun>;
  /** Lets a night pass, and runs the job. */
  readonly nextNight: (options?: RunOptions) => Promise<AnalyticsRun>;
}

/** Everything around the job in the lab: RingCentral and S3 over HTTP, the real client and token broker, an engine in memory. */
export async function openAnalyticsWorld(options: WorldOptions = {}): Promise<AnalyticsWorld> {
  const { start = fourthNight, timeZone = newYork } = options;
  const clock = createClock(start);
  const buckets = options.buckets ?? (await labBuckets(clock));
  let plan: AccountPlan = { id: account, firstDay: "2026-11-01", timeZone, ...options.account };
  const open = async () => {
    const opened = await startRingCentral({ ...options, clock, account: plan });
    onTestFinished(() => opened.stop());
    return opened;
  };
  let ringCentral = await open();
  const run = (runOptions: RunOptions = {}) => runAnalytics({ clock, timeZone, ringCentral, ...buckets }, runOptions);
  return {
    ...{ ...buckets, clock, timeZone, run },
    ringCentral: () => ringCentral,
    becomes: async (change) => {
      plan = { ...plan, ...change };
      ringCentral = await open();
    },
    nextNight: (runOptions) => {
      clock.advance(24 * 3_600_000);
      return run(runOptions);
    },
  };
}

async function labBuckets(clock: LabClock): Promise<Buckets> {
  const client = s3Client(await enterLab({ clock, checkSkew: false }), { requestChecksumCalculation: "WHEN_REQUIRED" });
  return { archive: createBucket(client, "archive"), state: createBucket(client, "state") };
}

interface RunWorld extends Buckets {
  readonly clock: LabClock;
  readonly timeZone: string;
  readonly ringCentral: RingCentral;
}

async function runAnalytics(world: RunWorld, options: RunOptions): Promise<AnalyticsRun> {
  const { clock } = world;
  const { run = `night of ${new Date(clock.now()).toISOString()}`, request = {}, engine: around = same } = options;
  const told: Partial<Record<MetricName, number>> = {};
  const logged: string[] = [];
  const asked: string[] = [];
  let error: JobError | undefined;
  const line = (message: string, facts: object = {}) => void logged.push(JSON.stringify({ message, facts }));
  const log = { info: line, warn: line, error: line };
  const watchedFetch: typeof fetch = async (url, init) => {
    if (String(url).includes("/analytics/")) asked.push(`${url} ${init?.body}`);
    return (options.fetch ?? fetch)(url, init);
  };
  const count = (name: MetricName, value = 1) => {
    told[name] = (told[name] ?? 0) + value;
  };
  const telling = () => ({
    log,
    publish: () => {},
    ended: (status: RunStatus, failure: JobError | undefined) => {
      error = failure;
      line(`run ${status}`, failure?.toJSON());
    },
  });
  const services = openServices(world, options, { log, metrics: { add: count, publish: () => {} } }, watchedFetch);
  // A wait is rounded to whole seconds; the half that may lack would pass for real.
  const engine = createInMemoryEngine({ advance: (ms) => clock.advance(ms + 500) });
  const event = { run, manual: "request" in options, request };
  const report = await engine
    .run((each) => runJob({ ...collectAnalytics, services, telling }, around(each), event))
    .catch((thrown: unknown) => {
      if (!error) throw thrown;
      return undefined;
    });
  return { report, error, told, logged, asked };
}

const same = <T>(each: T): T => each;

type Tellers = Pick<AnalyticsServices, "log" | "metrics">;

/** What `openApi` opens for each slice, over the lab. */
function openServices(world: RunWorld, options: RunOptions, tellers: Tellers, watchedFetch: typeof fetch) {
  const { clock, timeZone, ringCentral } = world;
  const { through = same, groups = usualGroups, recollectDays = 3, chosen = metrics } = options;
  const { archiveFrom = "2026-11-01" } = options;
  const [archive, state] = [through(world.archive), through(world.state)];
  const now = () => new Date(clock.now());
  const sleep = async (ms: number) => clock.advance(ms);
  const own = { archiveFrom, chosen, rules: { groups, recollectDays }, book: analyticsBook({ groups, recollectDays }) };
  const broker = createTokenBroker({
    readCredential: async () => parseCredential(JSON.stringify(ringCentral.credential), now()),
    records: (name) => versionedObject(state, stateKeys.token(name), TokenRecord),
    exchange: createTokenExchange({ scopes, fetch: watchedFetch }),
    revoke: async () => false,
    ...{ scopes, now, sleep },
    nonce: randomUUID,
    personAsks: () => false,
    onExchange: () => tellers.metrics.add(Metric.tokenExchanges),
  });
  const owner = createRunOwner(versionedObject(state, stateKeys.owner("collect-analytics"), OwnerRecord), {
    now,
    nonce: randomUUID,
  });
  return async (run: Run): Promise<AnalyticsServices> => {
    const gates = { light: createRateGate(now), heavy: createRateGate(now) };
    const server = await broker.server();
    const onAnswer = ({ status }: { readonly status: number }) => {
      tellers.metrics.add(Metric.apiRequests);
      if (status === 429) tellers.metrics.add(Metric.rateLimited);
    };
    const client = createClient({ server, broker, gates, fetch: watchedFetch, now, sleep, onAnswer });
    return {
      ...{ ...tellers, ...own, archive, state, run, owner, now, timeZone, client, broker },
      sign: undefined,
      restUntil: gates.light.restUntil,
    };
  };
}
