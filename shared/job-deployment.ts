import type { RateGroup } from "./contract.ts";
import { type AggregateName, aggregates } from "./core/day-aggregate.ts";

export const bucketNames = ["archive", "state", "derived"] as const;

/** Prefixes by bucket. */
export type Prefixes = Readonly<Partial<Record<(typeof bucketNames)[number], readonly string[]>>>;

/**
 * How soon an operator must act. `actNow`: data is lost, or will be, or nobody watches any more. `thisWeek`: everything can
 * still be repaired.
 */
export type Urgency = "actNow" | "thisWeek";

/** An alarm of one job. Its name is that of its chapter in docs/operations.md. */
export interface JobAlarm {
  readonly name: string;
  readonly urgency: Urgency;
  /** One of the metrics of the job's `metrics.ts`. */
  readonly metric: string;
  /** Smallest value of a gauge that raises the alarm. Absent: the metric counts incidents, and each raises it. */
  readonly min?: number;
  readonly meaning: string;
  /** Filter pattern for the log lines that show what happened. */
  readonly lines: string;
  /** What the operator does first. Code in it is marked: see `partsOf`. */
  readonly first: string;
}

/** A graph of one job on the dashboard, of metrics of its `metrics.ts`. */
export interface JobGraph {
  readonly title: string;
  /** Counts, added up for each day. */
  readonly sums?: readonly string[];
  /** Gauges: the largest value of each day. */
  readonly gauges?: readonly string[];
  /** True to show the newest values as numbers. @default false */
  readonly isNumbers?: boolean;
}

/** A setting that one job reads. */
interface DeclaredSetting {
  /** A zod schema of the setting's value. */
  readonly schema: object;
  /** Returns the environment variables of the functions for a value of the schema. */
  readonly environment: (value: never) => Readonly<Record<string, string | undefined>>;
}

/** Deployment facts of a job, for infrastructure and runtime. */
export interface JobDeployment {
  /**
   * EventBridge Scheduler expression in the archive's time zone. Never between 01:00 and 03:00, which a clock change
   * may skip.
   */
  readonly schedule?: string;
  /** Starts instead after every run of these jobs, whatever its status. */
  readonly after?: readonly string[];
  /** Jobs without which it would do nothing: settings that list it must list them. */
  readonly needs?: readonly string[];
  /** RingCentral app scopes that the job needs. */
  readonly scopes: readonly string[];
  /** Rate group of its paced work. Absent: it sends RingCentral nothing. */
  readonly rateGroup?: RateGroup;
  /** Prefixes that the job reads and writes; no job deletes. */
  readonly writes: Prefixes;
  /** Prefixes that it writes and never reads. */
  readonly writesOnly?: Prefixes;
  /** Prefixes that it only reads. */
  readonly reads?: Prefixes;
  /** Prefixes whose keys it lists, of those that it does not read. */
  readonly lists?: Prefixes;
  /** Days after which S3 removes the objects under a prefix of its own in the state bucket. Others are kept. */
  readonly expires?: Readonly<Record<string, number>>;
  /** Prefixes in the archive bucket whose objects are often rewritten: their old versions expire. */
  readonly oldVersionsExpire?: readonly string[];
  /** Prefixes that `start-run` reads to estimate a run; `lists`: those whose keys it only lists. */
  readonly estimateReads: Prefixes & { readonly lists?: Prefixes };
  /** The aggregate that it keeps in the archive, with a ledger; `audit.ts` in its folder says how it is verified. */
  readonly keeps?: AggregateName;
  /** True if it verifies the archive: it reads what any job keeps, the public key of the ledgers and the bucket's lifecycle rules. */
  readonly verifies?: boolean;
  /** True if it builds objects of each day in the derived bucket; `audit.ts` in its folder says how they are verified. */
  readonly derives?: true;
  /** True if it sends the morning note. */
  readonly notifies?: boolean;
  /** Request fields besides the days, which every job accepts; its `check.ts` parses them. */
  readonly requestFields: readonly string[];
  /** Metrics that only this job publishes, by the names in its `metrics.ts`. */
  readonly metrics: Readonly<Record<string, string>>;
  readonly alarms?: readonly JobAlarm[];
  readonly graphs?: readonly JobGraph[];
  /** Settings that only this job reads, by name. */
  readonly settings?: Readonly<Record<string, DeclaredSetting>>;
  readonly memoryMb: number;
  /** Size of /tmp in MiB, for data too large for memory. */
  readonly ephemeralStorageMb: number;
}

/** Returns the other jobs of a job's rate group, which share its rate limit. */
export function rateGroupJobsOf(name: string, deployments: Readonly<Record<string, JobDeployment>>): readonly string[] {
  const rateGroup = deployments[name]?.rateGroup;
  if (rateGroup === undefined) return [];
  return Object.keys(deployments).filter((other) => other !== name && deployments[other]?.rateGroup === rateGroup);
}

/**
 * Returns what a job reads: the prefixes that it declares, and if it verifies the archive, whatever any other job keeps, with the
 * index and the events of its days.
 */
export function readsOf(deployment: JobDeployment, deployments: readonly JobDeployment[]): Prefixes {
  const { reads = {}, verifies = false } = deployment;
  if (!verifies) return reads;
  const others = deployments.flatMap(({ keeps, writes }) =>
    keeps === undefined || keeps === deployment.keeps ? [] : [{ ...aggregates[keeps], writes }],
  );
  const archive = others.flatMap(({ writes }) => writes.archive ?? []);
  const state = others.flatMap(({ root, writes }) =>
    [`${root}index/`, `${root}events/`].filter((prefix) => writes.state?.some((written) => prefix.startsWith(written))),
  );
  return { ...reads, archive: [...(reads.archive ?? []), ...archive], state: [...(reads.state ?? []), ...state] };
}

/** What `check.ts` in a job's folder exports, for `start-run`. */
interface CheckModule {
  readonly check: (environment: Readonly<Record<string, string | undefined>>) => unknown;
}

/** What `audit.ts` in a job's folder exports, for `verify`. */
interface AuditModule {
  readonly audited: object;
}

/** What it exports of a job that builds objects in the derived bucket. */
interface DerivationModule {
  readonly auditedDerivation: object;
}

/** Says in a deployment what `audit.ts` exports. */
type AuditFacts<Audit> = Audit extends AuditModule
  ? { readonly keeps: AggregateName }
  : Audit extends DerivationModule
    ? { readonly keeps?: undefined; readonly derives: true }
    : { readonly keeps?: undefined; readonly derives?: undefined };

declare const checked: unique symbol;

/** A deployment by {@link deployJob}: its job has a request check, and an audit of what it keeps. */
export type DeployedJob = JobDeployment & { readonly [checked]: true };

/**
 * Declares a job's deployment. `Check` is `typeof import("./check.ts")`, and `Audit` is `typeof import("./audit.ts")` if the
 * job keeps or derives anything, so that a job without them does not compile.
 */
export function deployJob<
  _Check extends CheckModule,
  _Audit extends AuditModule | DerivationModule | undefined = undefined,
>() {
  return <const Deployment extends JobDeployment & AuditFacts<_Audit>>(deployment: Deployment) =>
    deployment as Deployment & { readonly [checked]: true };
}
