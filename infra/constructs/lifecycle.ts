import { Duration } from "aws-cdk-lib";
import type { LifecycleRule } from "aws-cdk-lib/aws-s3";
import { AnalyticsPrefix, ArchivePrefix, StatePrefix } from "../../shared/contract.ts";

/** Days after which working state goes; what a run cannot do without stays. */
const stateDays = {
  tokens: "kept",
  owners: "kept",
  accounts: "kept",
  listings: 30,
  plans: 30,
  events: 30,
  intents: "kept",
  analyticsQueries: 30,
  analyticsEvents: 30,
  analyticsIntents: "kept",
  tables: "kept",
} as const satisfies Record<keyof typeof StatePrefix, number | "kept">;

/** Of every bucket. */
export const abortUploads: LifecycleRule = {
  id: "abort-incomplete-uploads",
  abortIncompleteMultipartUploadAfter: Duration.days(7),
};

/** What is written anew again and again lets old versions go, but for the newest, so that a deletion loses nothing. */
export const oldVersions: readonly LifecycleRule[] = [
  { what: "call-logs", prefix: ArchivePrefix.calls, days: 90, newest: 5 },
  { what: "analytics", prefix: AnalyticsPrefix.responses, days: 90, newest: 5 },
  { what: "tables", prefix: ArchivePrefix.tables, days: 30, newest: 2 },
].map(({ what, prefix, days, newest }) => ({
  id: `old-versions-of-${what}`,
  prefix,
  noncurrentVersionExpiration: Duration.days(days),
  noncurrentVersionsToRetain: newest,
}));

/** What expires in the state bucket. */
export function stateRules(): LifecycleRule[] {
  return Object.entries(stateDays).flatMap(([name, days]) =>
    days === "kept"
      ? []
      : [
          {
            id: `expire-${name}`,
            prefix: StatePrefix[name as keyof typeof StatePrefix],
            expiration: Duration.days(days),
          },
        ],
  );
}
