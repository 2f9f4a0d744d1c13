import { type IRole, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { acknowledgeWildcard } from "./acknowledge.ts";

export interface PrefixAccess {
  /** Prefixes that may be read, listed and written; nothing may ever be deleted. */
  readonly writes: readonly string[];
  /** Prefixes that may be written and listed. */
  readonly marks: readonly string[];
  /** Prefixes that may be read and listed. */
  readonly reads: readonly string[];
  /** Prefixes of which the keys may be listed. */
  readonly lists: readonly string[];
}

/**
 * Lets `role` use its own prefixes of `bucket` and nothing else. Not `grantRead` and `grantPut`, which allow listing the
 * whole bucket and actions by wildcard.
 */
export function grantPrefixes(role: IRole, bucket: IBucket, { writes, marks, reads, lists }: PrefixAccess): void {
  const all = patternsOf([...writes, ...reads]);
  const allow = (action: string, patterns: readonly string[]) => {
    const resources = patterns.map((pattern) => bucket.arnForObjects(pattern));
    if (resources.length > 0) role.addToPrincipalPolicy(new PolicyStatement({ actions: [action], resources }));
  };
  if (all.length === 0) return;
  allow("s3:GetObject", all);
  allow("s3:PutObject", patternsOf([...writes, ...marks]));
  // Also makes a missing key answer 404: S3 asks whether the key itself may be listed, and says 403 where it may not.
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ["s3:ListBucket"],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { "s3:prefix": patternsOf([...writes, ...marks, ...reads, ...lists]) } },
    }),
  );
  for (const pattern of patternsOf([...writes, ...marks, ...reads])) {
    acknowledgeWildcard(
      role,
      bucket.arnForObjects(pattern),
      `Keys under ${pattern} are named after accounts, days and ids.`,
    );
  }
}

function patternsOf(prefixes: readonly string[]): string[] {
  return [...new Set(prefixes)].map((prefix) => `${prefix}*`);
}
