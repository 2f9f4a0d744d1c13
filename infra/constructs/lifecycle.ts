import { Duration } from "aws-cdk-lib";
import type { LifecycleRule } from "aws-cdk-lib/aws-s3";
import { AnalyticsPrefix, ArchivePrefix, StatePrefix } from "../../shared/contract.ts";

/** Days after which state expires. State that runs always need is kept. */
const stateDays = {
  tokens: "kept",
  owners: "kept",
  accounts: "kept",
  listings: 30,
  plans: 30,
  events: 30,
  intents: "kept",
  index: "kept",
  analyticsQueries: 30,
  analyticsEvents: 30,
  analyticsIntents: "kept",
  analyticsIndex: "kept",
} as const satisfies Record<keyof typeof StatePrefix, number | "kept">;

/** Rule of every bucket. */
export const abortUploads: LifecycleRule = {
  id: "abort-incomplete-uploads",
  abortIncompleteMultipartUploadAfter: Duration.days(7),
};

/** Old versions of objects that are often rewritten expire, except the newest ones: a mistaken deletion can be undone. */
export const oldVersions: readonly LifecycleRule[] = [
  { name: "call-logs", prefix: ArchivePrefix.calls },
  { name: "analytics", prefix: AnalyticsPrefix.responses },
].map(({ name, prefix }) => ({
  id: `old-versions-of-${name}`,
  prefix,
  noncurrentVersionExpiration: Duration.days(90),
  noncurrentVersionsToRetain: 5,
}));

/** Expiration rules of the state bucket. */
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
