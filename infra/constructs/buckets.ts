import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { type IRole, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type LifecycleRule,
  ObjectLockRetention,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import { S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY } from "aws-cdk-lib/cx-api";
import { Construct } from "constructs";
import { ArchivePrefix, StatePrefix } from "../../shared/contract.ts";
import { allowPrefixes } from "./prefix-access.ts";

export interface BucketsProps {
  /** Key that both buckets are encrypted with; without it S3's own. */
  readonly key: IKey | undefined;
  /** How long no version of an object can be deleted, if at all. */
  readonly objectLock: { readonly mode: "governance" | "compliance"; readonly days: number } | undefined;
}

/** Prefixes that one function uses, in both buckets. */
export interface BucketAccess {
  readonly archive: readonly string[];
  readonly state: readonly string[];
  /** Whether it writes there too. */
  readonly write: boolean;
}

/** Days after which working state goes; what a run cannot do without stays. */
const stateDays = {
  tokens: "kept",
  owners: "kept",
  accounts: "kept",
  pages: 30,
  plans: 30,
  outcomes: 30,
  written: "kept",
} as const satisfies Record<keyof typeof StatePrefix, number | "kept">;

const abortUploads: LifecycleRule = {
  id: "abort-incomplete-uploads",
  abortIncompleteMultipartUploadAfter: Duration.days(7),
};

/** A day's call log is written anew at each listing; of old versions the newest are kept, so that a deletion loses nothing. */
const oldCallLogs: LifecycleRule = {
  id: "old-versions-of-call-logs",
  prefix: ArchivePrefix.calls,
  noncurrentVersionExpiration: Duration.days(90),
  noncurrentVersionsToRetain: 5,
};

/** The archive, kept for good; the state, which expires; and the log of who has used either. */
export class Buckets extends Construct {
  readonly archive: Bucket;
  readonly state: Bucket;
  private readonly key: IKey | undefined;

  constructor(scope: Construct, id: string, { key, objectLock }: BucketsProps) {
    super(scope, id);
    this.key = key;
    // Without the flag CDK lets S3 write its logs by an ACL, which a bucket that enforces its owner refuses.
    this.node.setContext(S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY, true);
    const logs = new Bucket(this, "AccessLogs", {
      ...closed,
      // S3 writes its logs only into a bucket with its own encryption.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [abortUploads, { id: "expire", expiration: Duration.days(365) }],
    });
    const encrypted = encryptedWith(key);
    this.archive = new Bucket(this, "Archive", {
      ...closed,
      ...encrypted,
      versioned: true,
      objectLockEnabled: objectLock && true,
      objectLockDefaultRetention: objectLock && lockOf(objectLock),
      lifecycleRules: [abortUploads, oldCallLogs],
      serverAccessLogsBucket: logs,
      serverAccessLogsPrefix: "archive/",
    });
    this.state = new Bucket(this, "State", {
      ...closed,
      ...encrypted,
      lifecycleRules: [abortUploads, ...stateRules()],
      serverAccessLogsBucket: logs,
      serverAccessLogsPrefix: "state/",
    });
  }

  /** Lets `role` use its prefixes, and the key that the objects are encrypted with. */
  allow(role: IRole, { archive, state, write }: BucketAccess): void {
    allowPrefixes(role, this.archive, { keys: archive, write });
    allowPrefixes(role, this.state, { keys: state, write });
    if (!this.key) return;
    // Not grantEncryptDecrypt, which allows kms:ReEncrypt* and kms:GenerateDataKey*.
    const actions = write ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"];
    role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [this.key.keyArn] }));
  }
}

/** TLS only, no public access, no ACLs, and never removed with the stack. */
const closed = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  removalPolicy: RemovalPolicy.RETAIN,
} as const satisfies BucketProps;

function encryptedWith(encryptionKey: IKey | undefined): BucketProps {
  if (!encryptionKey) return { encryption: BucketEncryption.S3_MANAGED };
  return { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true };
}

function lockOf({ mode, days }: NonNullable<BucketsProps["objectLock"]>): ObjectLockRetention {
  const duration = Duration.days(days);
  return mode === "compliance" ? ObjectLockRetention.compliance(duration) : ObjectLockRetention.governance(duration);
}

function stateRules(): LifecycleRule[] {
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
