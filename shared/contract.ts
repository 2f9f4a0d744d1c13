// Names that infrastructure and functions share.

/** Environment variables of the functions. */
export const Env = {
  archiveBucket: "ARCHIVE_BUCKET",
  stateBucket: "STATE_BUCKET",
  derivedBucket: "DERIVED_BUCKET",
  credentialSecret: "CREDENTIAL_SECRET",
  timeZone: "TIME_ZONE",
  archiveFrom: "ARCHIVE_FROM",
  listingGap: "LISTING_GAP_SECONDS",
  settleAfter: "SETTLE_AFTER_SECONDS",
  /** KMS key that signs the ledger. Empty or absent: the ledger is not signed. */
  signingKeyArn: "SIGNING_KEY_ARN",
  /** Seconds without data from RingCentral, before the headers or within a body, until a request times out. */
  idleTimeout: "IDLE_TIMEOUT_SECONDS",
  /** App scopes that all jobs of this account need, separated by spaces. */
  scopes: "SCOPES",
  /** Other deployed jobs of the job's rate group, separated by commas. Absent: none. */
  rateGroupJobs: "RATE_GROUP_JOBS",
  /** Analytics groups and metrics to collect, separated by commas. Absent: all. */
  analyticsGroups: "ANALYTICS_GROUPS",
  analyticsMetrics: "ANALYTICS_METRICS",
  /** Number of last days that are collected again every night. */
  recollectDays: "RECOLLECT_DAYS",
  /** How report pages are written: a BCP 47 locale, and whether people appear. */
  pagesLocale: "PAGES_LOCALE",
  pagesPeople: "PAGES_PEOPLE",
  /** ARNs of the topics that get the morning note, separated by commas. Absent: none. */
  noteTopics: "NOTE_TOPICS",
  /** "true" if pages are built, which the note then names. */
  buildsPages: "BUILDS_PAGES",
  targets: "JOB_TARGETS",
  /** The stack's name, a dimension of its metrics. */
  stackName: "STACK_NAME",
} as const;

/** Outputs of the stack that the command line reads. */
export const StackOutput = {
  archiveBucket: "ArchiveBucket",
  stateBucket: "StateBucket",
  derivedBucket: "DerivedBucket",
  startRun: "StartRunFunction",
  credentialSecret: "CredentialSecret",
  /** Name of the log group of `start-run` or of a job. */
  log: (name: string) => `Log${name.replaceAll("-", "")}`,
  /** Name of a job's function. CloudFormation allows no hyphens. */
  jobFunction: (job: string) => `Function${job.replaceAll("-", "")}`,
  /** When a job starts: an EventBridge Scheduler expression, a space and its IANA time zone. */
  jobSchedule: (job: string) => `Schedule${job.replaceAll("-", "")}`,
} as const;

/** The alias that schedules and operators invoke. A durable function cannot be invoked without a qualifier. */
export const liveAlias = "live";

/** AWS ends a run after these days, whatever it does. */
export const maxRunDays = 7;

/** CloudWatch namespace of all metrics. */
export const metricsNamespace = "Nightshift";
/** Dimensions of each metric: the job, by Powertools' name, and the stack. Two stacks never share a metric. */
export const MetricDimension = { job: "service", stack: "stack" } as const;

/** Metrics of every job. What only one job counts is in its `metrics.ts`. */
export const MetricName = {
  /** 0 while a run works, so that the metric has data before the first run has ended. */
  runsFinished: "RunsFinished",
  runsFailed: "RunsFailed",
  /** Published with every slice, so that a long run is not mistaken for a missing one. */
  runsAlive: "RunsAlive",
  /** End of a run in epoch seconds, negative if it failed. The largest absolute value shows how the last run ended. */
  runEnded: "RunEnded",
  /** Whole days for which the job's automatic starts have been paused; 0 after it was resumed. `start-run` publishes it. */
  pausedDays: "PausedDays",
  /** Whole days until the credential's JWT expires; {@link neverExpiresDays} if it does not expire. */
  credentialDaysLeft: "CredentialDaysLeft",
  apiRequests: "ApiRequests",
  rateLimited: "RateLimited",
  tokenExchanges: "TokenExchanges",
} as const;

/** Value of {@link MetricName.credentialDaysLeft} for a JWT that does not expire. */
export const neverExpiresDays = 36_500;

/** Prefixes in the archive bucket that several jobs use, kept permanently. */
export const ArchivePrefix = {
  calls: "calls/",
  recordings: "recordings/",
  manifests: "manifests/",
  ledger: "ledger/",
  /** Responses, manifests and ledger of the analytics. */
  analytics: "analytics/",
  /** Reports of verifications, and their ledger. */
  verifications: "verifications/",
} as const;

/** Prefixes under {@link ArchivePrefix.analytics}. */
export const AnalyticsPrefix = {
  responses: "analytics/responses/",
  manifests: "analytics/manifests/",
  ledger: "analytics/ledger/",
} as const;

/** Prefixes in the state bucket that several jobs use. They never expire. */
export const StatePrefix = {
  tokens: "tokens/",
  owners: "owners/",
  accounts: "accounts/",
  /** Which jobs are paused: the command line writes it, `start-run` reads it. */
  pauses: "pauses/",
  /** Index of the days of calls. */
  index: "index/",
  /** Reports of `check-access`. */
  access: "access/",
} as const;

/** Prefixes in the derived bucket, whose objects are built from the archive and can be built again. */
export const DerivedPrefix = {
  /** Parquet tables. */
  tables: "tables/",
  /** What each day's tables count. */
  figures: "figures/",
  /** Report pages. */
  pages: "pages/",
  /** Build indexes. */
  built: "built/",
} as const;

/**
 * Node settings of every job. A small young generation keeps little garbage of a hundred thousand records. With one
 * malloc arena, freed memory is returned to the system (measured by `npm run bench`).
 */
export const processEnvironment = {
  NODE_OPTIONS: "--max-semi-space-size=4",
  MALLOC_ARENA_MAX: "1",
} as const;

/**
 * RingCentral's rate groups of API requests. Token requests have a group of their own, `auth`.
 * https://developers.ringcentral.com/guide/basics/rate-limits
 */
export const rateGroups = ["light", "medium", "heavy"] as const;
export type RateGroup = (typeof rateGroups)[number];
