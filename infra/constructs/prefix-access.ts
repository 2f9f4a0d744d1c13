import { type IRole, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { acknowledgeWildcard } from "./acknowledge.ts";

export interface PrefixAccess {
  /** Prefixes, or whole keys, that may be read and listed. */
  readonly keys: readonly string[];
  /** Whether they may be written too; nothing may ever be deleted. */
  readonly write: boolean;
}

/**
 * Lets `role` use its own prefixes of `bucket` and nothing else. Not `grantRead` and `grantPut`, which allow listing the
 * whole bucket and actions by wildcard.
 */
export function allowPrefixes(role: IRole, bucket: IBucket, { keys, write }: PrefixAccess): void {
  const patterns = keys.map((key) => (key.endsWith("/") ? `${key}*` : key));
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: write ? ["s3:GetObject", "s3:PutObject"] : ["s3:GetObject"],
      resources: patterns.map((pattern) => bucket.arnForObjects(pattern)),
    }),
  );
  // Also makes a missing key answer 404: S3 asks whether the key itself may be listed, and says 403 where it may not.
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ["s3:ListBucket"],
      resources: [bucket.bucketArn],
      conditions: { StringLike: { "s3:prefix": patterns } },
    }),
  );
  for (const pattern of patterns.filter((each) => each.endsWith("*"))) {
    acknowledgeWildcard(
      role,
      bucket.arnForObjects(pattern),
      `Keys under ${pattern} are named after accounts, days and ids.`,
    );
  }
}
