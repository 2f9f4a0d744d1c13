import { Duration } from "aws-cdk-lib";
import type { LifecycleRule } from "aws-cdk-lib/aws-s3";
import type { JobDeployment } from "../../shared/job-deployment.ts";

/** Rule of every bucket. */
export const abortUploads: LifecycleRule = {
  id: "abort-incomplete-uploads",
  abortIncompleteMultipartUploadAfter: Duration.days(7),
};

/** Old versions of objects that are often rewritten expire, except the newest ones: a mistaken deletion can be undone. */
export function oldVersionRules(jobs: readonly JobDeployment[]): LifecycleRule[] {
  return jobs
    .flatMap(({ oldVersionsExpire = [] }) => oldVersionsExpire)
    .map((prefix) => ({
      id: `old-versions-of-${nameOf(prefix)}`,
      prefix,
      noncurrentVersionExpiration: Duration.days(90),
      noncurrentVersionsToRetain: 5,
    }));
}

/** Expiration rules of the state bucket. */
export function stateRules(jobs: readonly JobDeployment[]): LifecycleRule[] {
  return jobs
    .flatMap(({ expires = {} }) => Object.entries(expires))
    .map(([prefix, days]) => ({ id: `expire-${nameOf(prefix)}`, prefix, expiration: Duration.days(days) }));
}

/** Returns a prefix as a part of a rule's name: `analytics/events/` is `analytics-events`. */
function nameOf(prefix: string): string {
  return prefix.replace(/\/$/, "").replaceAll("/", "-");
}
