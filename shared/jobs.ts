import { AnalyticsPrefix, ArchivePrefix, DerivedPrefix, StatePrefix } from "./contract.ts";

export const bucketNames = ["archive", "state", "derived"] as const;

/** Prefixes by bucket. */
export type Prefixes = Readonly<Partial<Record<(typeof bucketNames)[number], readonly string[]>>>;

/** Deployment facts of a job, for infrastructure and runtime. */
export interface JobDeployment {
  /**
   * EventBridge Scheduler expression in the archive's time zone. Never between 01:00 and 03:00, which a clock change
   * may skip.
   */
  readonly schedule?: string;
  /** Starts instead after every run of these jobs, whatever its status. */
  readonly after?: readonly string[];
  /** RingCentral app scopes that the job needs. Only `archive-calls` sends Heavy requests. */
  readonly scopes: readonly string[];
  /** Prefixes that the job reads and writes; no job deletes. */
  readonly writes: Prefixes;
  /** Prefixes that it writes and lists, and never reads. */
  readonly writesOnly?: Prefixes;
  /** Prefixes that it only reads. */
  readonly reads?: Prefixes;
  /** Prefixes that `start-run` reads to estimate a run; `lists`: those whose keys it only lists. */
  readonly estimateReads: Prefixes & { readonly lists?: Prefixes };
  /** Request fields besides the days, which every job accepts; its `check-request.ts` parses them. */
  readonly requestFields: readonly string[];
  readonly memoryMb: number;
  /** Size of /tmp in MiB, for data too large for memory. */
  readonly ephemeralStorageMb: number;
}

const { tokens, owners, accounts } = StatePrefix;

/** Every job with its deployment facts. A new job is added here. */
export const jobs = {
  "archive-calls": {
    schedule: "cron(30 3 * * ? *)",
    scopes: ["ReadAccounts", "ReadCallLog", "ReadCallRecording"],
    writes: {
      archive: [ArchivePrefix.calls, ArchivePrefix.recordings, ArchivePrefix.manifests, ArchivePrefix.ledger],
      state: [
        tokens,
        owners,
        accounts,
        StatePrefix.listings,
        StatePrefix.plans,
        StatePrefix.events,
        StatePrefix.intents,
        StatePrefix.index,
      ],
    },
    estimateReads: {
      archive: [ArchivePrefix.manifests, ArchivePrefix.ledger],
      state: [accounts, StatePrefix.events, StatePrefix.index],
      lists: { archive: [ArchivePrefix.recordings], state: [StatePrefix.intents] },
    },
    requestFields: ["relist", "acceptShrunk"],
    memoryMb: 1024,
    ephemeralStorageMb: 10_240,
  },
  "collect-analytics": {
    schedule: "cron(45 3 * * ? *)",
    scopes: ["ReadAccounts", "Analytics"],
    writes: {
      archive: [ArchivePrefix.analytics],
      state: [
        tokens,
        owners,
        accounts,
        StatePrefix.analyticsQueries,
        StatePrefix.analyticsEvents,
        StatePrefix.analyticsIndex,
      ],
    },
    writesOnly: { state: [StatePrefix.analyticsIntents] },
    estimateReads: {
      archive: [AnalyticsPrefix.manifests, AnalyticsPrefix.ledger],
      state: [accounts, StatePrefix.analyticsEvents, StatePrefix.analyticsIndex],
      lists: {
        archive: [AnalyticsPrefix.responses],
        state: [StatePrefix.analyticsIntents, StatePrefix.analyticsQueries],
      },
    },
    requestFields: ["groups"],
    memoryMb: 1024,
    ephemeralStorageMb: 2_048,
  },
  "build-tables": {
    after: ["archive-calls", "collect-analytics"],
    scopes: [],
    writes: { state: [owners], derived: [DerivedPrefix.tables, DerivedPrefix.built] },
    reads: {
      archive: [ArchivePrefix.calls, ArchivePrefix.manifests, AnalyticsPrefix.manifests, AnalyticsPrefix.responses],
      state: [accounts],
    },
    estimateReads: {
      archive: [ArchivePrefix.manifests, AnalyticsPrefix.manifests],
      state: [accounts],
      derived: [DerivedPrefix.built],
    },
    requestFields: ["rebuild"],
    memoryMb: 1024,
    ephemeralStorageMb: 2_048,
  },
} as const satisfies Record<string, JobDeployment>;

/** A job's name: its file in `functions/`, its bundle in `dist/` and its entry here. */
export type JobName = keyof typeof jobs;

/** Request fields besides the days, each with the only job that accepts it; undefined: every job. */
export const requestFields: Readonly<Record<string, JobName | undefined>> = {
  job: undefined,
  dryRun: undefined,
  ...Object.fromEntries(
    (Object.keys(jobs) as JobName[]).flatMap((name) => jobs[name].requestFields.map((field) => [field, name])),
  ),
};
