/** Names that the infrastructure and the functions must spell alike. */

/** Environment variables of the functions. */
export const Env = {
  archiveBucket: "ARCHIVE_BUCKET",
  stateBucket: "STATE_BUCKET",
  credentialSecret: "CREDENTIAL_SECRET",
  timeZone: "TIME_ZONE",
  archiveFrom: "ARCHIVE_FROM",
  listingGap: "LISTING_GAP_SECONDS",
  settleAfter: "SETTLE_AFTER_SECONDS",
  /** KMS key that signs the ledger; empty or absent: it is not signed. */
  signingKeyArn: "SIGNING_KEY_ARN",
  /** Seconds that RingCentral may be silent: before its headers, and within a body. */
  idleTimeout: "IDLE_TIMEOUT_SECONDS",
  /** App scopes that the jobs of this account need together, separated by spaces. */
  scopes: "SCOPES",
  /** What the analytics are collected of: groups and metrics, separated by commas; absent: all. */
  analyticsGroups: "ANALYTICS_GROUPS",
  analyticsMetrics: "ANALYTICS_METRICS",
  /** So many of the last days are collected again every night. */
  recollectDays: "RECOLLECT_DAYS",
  targets: "JOB_TARGETS",
} as const;

/** The alias that schedules and people invoke: a durable function cannot be invoked unqualified. */
export const liveAlias = "live";

/** CloudWatch namespace and metric names. */
export const metricsNamespace = "Nightshift";
export const MetricName = {
  runsFinished: "RunsFinished",
  runsFailed: "RunsFailed",
  /** A sign of life: published with every slice, so that a long run is not silence. */
  runsAlive: "RunsAlive",
  /** When a run ended, in seconds since the epoch; negative where it failed: the largest of its absolute values tells how the last one ended. */
  runEnded: "RunEnded",
  daysListed: "DaysListed",
  daysClosed: "DaysClosed",
  daysOpen: "DaysOpen",
  /** Days whose last listing lacks too much to be believed. */
  daysShrunk: "DaysShrunk",
  /** Days that were closed though no two of their listings agreed. */
  daysUnstable: "DaysUnstable",
  recordingsStored: "RecordingsStored",
  recordingsPending: "RecordingsPending",
  /** Recordings that we knew of in time and never got. */
  recordingsLost: "RecordingsLost",
  recordingBytesStored: "RecordingBytesStored",
  /** Days of analytics that were collected, and those of them whose numbers had changed. */
  analyticsDaysCollected: "AnalyticsDaysCollected",
  analyticsDaysChanged: "AnalyticsDaysChanged",
  /** Days of analytics in which a group is still missing. */
  analyticsDaysIncomplete: "AnalyticsDaysIncomplete",
  /** Tables of a day that were written, having changed. */
  tablesWritten: "TablesWritten",
  /** By how many calls of a day the call log and the analytics differ. */
  callDiscrepancy: "CallDiscrepancy",
  /** Gauges: each says how things stand at the end of a run, 0 where nothing is wrong. */
  oldestPendingDays: "OldestPendingDays",
  daysUntilDeletion: "DaysUntilDeletion",
  pendingNearDeletion: "PendingNearDeletion",
  backlogNights: "BacklogNights",
  backlogBeyondHorizon: "BacklogBeyondHorizon",
  oldestOpenNights: "OldestOpenNights",
  failedInBulk: "FailedInBulk",
  listingsShrunk: "ListingsShrunk",
  quietDays: "QuietDays",
  /** Whole days until the credential's JWT expires; {@link neverExpiresDays} where it does not. */
  credentialDaysLeft: "CredentialDaysLeft",
  apiRequests: "ApiRequests",
  rateLimited: "RateLimited",
  tokenExchanges: "TokenExchanges",
} as const;
export type MetricName = (typeof MetricName)[keyof typeof MetricName];

/** Told as {@link MetricName.credentialDaysLeft} of a JWT that does not expire. */
export const neverExpiresDays = 36_500;

/** Prefixes in the archive bucket, kept for good. */
export const ArchivePrefix = {
  calls: "calls/",
  recordings: "recordings/",
  manifests: "manifests/",
  closed: "closed/",
  ledger: "ledger/",
  /** Everything of the analytics: responses, manifests, ledger. */
  analytics: "analytics/",
  /** Parquet, made from the rest: it can be made again. */
  tables: "tables/",
} as const;

/** What lies under {@link ArchivePrefix.analytics}. */
export const AnalyticsPrefix = {
  responses: "analytics/responses/",
  manifests: "analytics/manifests/",
  ledger: "analytics/ledger/",
} as const;

/** Prefixes in the state bucket, which expire or are written anew. */
export const StatePrefix = {
  tokens: "tokens/",
  owners: "owners/",
  accounts: "accounts/",
  listings: "listings/",
  plans: "plans/",
  events: "events/",
  intents: "intents/",
  analyticsQueries: "analytics/queries/",
  analyticsEvents: "analytics/events/",
  analyticsIntents: "analytics/intents/",
  tables: "tables/",
} as const;

/**
 * Environment of every job's process: young space so small that a hundred thousand records leave little garbage lying about,
 * and one malloc arena, so that what is collected is given back (measured by `npm run bench`).
 */
export const processEnvironment = {
  NODE_OPTIONS: "--max-semi-space-size=4",
  MALLOC_ARENA_MAX: "1",
} as const;
