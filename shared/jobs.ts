import { AnalyticsPrefix, ArchivePrefix, StatePrefix } from "./contract.ts";

/** Prefixes of both buckets. */
export interface Prefixes {
  readonly archive: readonly string[];
  readonly state: readonly string[];
}

/** What the infrastructure and the runtime know of a job; pure data, so that nothing is written twice. */
export interface JobDeployment {
  /** When it runs: an EventBridge Scheduler expression in the account's time zone. Never between 01:00 and 03:00, which a change of clocks may skip. */
  readonly schedule?: string;
  /** Or: whenever a run of one of these jobs has ended, however it did. */
  readonly after?: readonly string[];
  /** RingCentral app scopes that its access token asks for. Heavy requests belong to `archive-calls` alone. */
  readonly scopes: readonly string[];
  /** What it reads and writes; it deletes nothing. */
  readonly writes: Prefixes;
  /** What it writes and lists, and never reads. */
  readonly marks?: Prefixes;
  /** What it only reads. */
  readonly reads?: Prefixes;
  /** What `start-run` reads to tell what a run of it will do, and of what it only lists the keys. */
  readonly estimateReads: Prefixes & { readonly lists?: Prefixes };
  /** Fields of its requests besides days, which every job takes; its own `check-request.ts` reads them. */
  readonly requestFields: readonly string[];
  readonly memoryMb: number;
  /** Room in /tmp for what is too large for memory. */
  readonly ephemeralStorageMb: number;
}

const { tokens, owners, accounts } = StatePrefix;

export const jobs = {
  "archive-calls": {
    schedule: "cron(30 3 * * ? *)",
    scopes: ["ReadAccounts", "ReadCallLog", "ReadCallRecording"],
    writes: {
      archive: [ArchivePrefix.calls, ArchivePrefix.recordings, ArchivePrefix.manifests, ArchivePrefix.ledger],
      state: [
        ...[tokens, owners, accounts],
        StatePrefix.listings,
        StatePrefix.plans,
        StatePrefix.events,
        StatePrefix.intents,
      ],
    },
    marks: { archive: [ArchivePrefix.closed], state: [] },
    estimateReads: {
      archive: [ArchivePrefix.manifests, ArchivePrefix.ledger],
      state: [accounts, StatePrefix.events],
      lists: { archive: [ArchivePrefix.closed, ArchivePrefix.recordings], state: [StatePrefix.intents] },
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
      state: [...[tokens, owners, accounts], StatePrefix.analyticsQueries, StatePrefix.analyticsEvents],
    },
    marks: { archive: [], state: [StatePrefix.analyticsIntents] },
    estimateReads: {
      archive: [AnalyticsPrefix.manifests, AnalyticsPrefix.ledger],
      state: [accounts, StatePrefix.analyticsEvents],
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
    writes: { archive: [ArchivePrefix.tables], state: [owners, StatePrefix.tables] },
    reads: {
      archive: [ArchivePrefix.calls, ArchivePrefix.manifests, AnalyticsPrefix.manifests, AnalyticsPrefix.responses],
      state: [accounts],
    },
    estimateReads: {
      archive: [ArchivePrefix.manifests, AnalyticsPrefix.manifests],
      state: [accounts, StatePrefix.tables],
    },
    requestFields: ["rebuild"],
    memoryMb: 1024,
    ephemeralStorageMb: 2_048,
  },
} as const satisfies Record<string, JobDeployment>;

/** A job's name: its file in `functions/`, its bundle in `dist/` and its entry here. */
export type JobName = keyof typeof jobs;

/** Fields of requests besides days, with the only job that takes them; undefined: every job does. */
export const requestFields: Readonly<Record<string, JobName | undefined>> = {
  job: undefined,
  dryRun: undefined,
  ...Object.fromEntries(
    (Object.keys(jobs) as JobName[]).flatMap((name) => jobs[name].requestFields.map((field) => [field, name])),
  ),
};
