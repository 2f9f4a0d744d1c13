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
  targets: "JOB_TARGETS",
} as const;

/** The alias that schedules and people invoke: a durable function cannot be invoked unqualified. */
export const liveAlias = "live";

/** CloudWatch namespace and metric names. */
export const metricsNamespace = "Nightshift";
export const Metric = {
  runsFinished: "RunsFinished",
  runsFailed: "RunsFailed",
  daysListed: "DaysListed",
  daysClosed: "DaysClosed",
  daysOpen: "DaysOpen",
  recordingsStored: "RecordingsStored",
  recordingsPending: "RecordingsPending",
  recordingBytes: "RecordingBytes",
  apiRequests: "ApiRequests",
  rateLimited: "RateLimited",
  tokenExchanges: "TokenExchanges",
} as const;
export type MetricName = (typeof Metric)[keyof typeof Metric];

/** Prefixes in the archive bucket, kept for good. */
export const ArchivePrefix = {
  calls: "calls/",
  recordings: "recordings/",
  manifests: "manifests/",
  closed: "closed/",
} as const;

/** Prefixes in the state bucket, which expire or are written anew. */
export const StatePrefix = {
  tokens: "tokens/",
  owners: "owners/",
  accounts: "accounts/",
  pages: "pages/",
  plans: "plans/",
  outcomes: "outcomes/",
} as const;

/**
 * Environment of every job's process: what lets the buffers of streamed audio be collected as they go by, and one malloc
 * arena, so that what is collected is given back (measured by `npm run bench`).
 */
export const processEnvironment = { NODE_OPTIONS: "--expose-gc", MALLOC_ARENA_MAX: "1" } as const;
