import { type IRole, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { acknowledgeWildcard } from "./acknowledge.ts";

export interface PrefixAccess {
  /** Prefixes that may be read, listed and written. Deletion is never allowed. */
  readonly writes: readonly string[];
  /** Prefixes that may be written, and neither read nor listed. */
  readonly writesOnly: readonly string[];
  /** Prefixes that may be read and listed. */
  readonly reads: readonly string[];
  /** Prefixes that may be listed. */
  readonly lists: readonly string[];
}

/**
 * Grants `role` only these prefixes of `bucket`. CDK's `grantRead` and `grantPut` would allow listing the whole bucket and
 * wildcard actions.
 */
export function grantPrefixes(role: IRole, bucket: IBucket, { writes, writesOnly, reads, lists }: PrefixAccess): void {
  const allow = (action: string, patterns: readonly string[]) => {
    const resources = patterns.map((pattern) => bucket.arnForObjects(pattern));
    if (resources.length > 0) role.addToPrincipalPolicy(new PolicyStatement({ actions: [action], resources }));
  };
  const listed = patternsOf([...writes, ...reads, ...lists]);
  allow("s3:GetObject", patternsOf([...writes, ...reads]));
  allow("s3:PutObject", patternsOf([...writes, ...writesOnly]));
  for (const pattern of patternsOf([...writes, ...writesOnly, ...reads])) {
    acknowledgeWildcard(role, bucket.arnForObjects(pattern), `Keys under ${pattern} contain accounts, days and ids.`);
  }
  if (listed.length === 0) return;
  // Without permission to list a key, S3 returns 403 instead of 404 when it is missing.
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ["s3:ListBucket"],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { "s3:prefix": listed } },
    }),
  );
}

function patternsOf(prefixes: readonly string[]): string[] {
  return [...new Set(prefixes)].map((prefix) => `${prefix}*`);
}
