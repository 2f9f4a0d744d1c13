import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { type IRole, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  ObjectLockRetention,
  ObjectOwnership,
} from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { Prefixes } from "../../shared/jobs.ts";
import { abortUploads, oldVersions, stateRules } from "./lifecycle.ts";
import { grantPrefixes } from "./prefix-access.ts";

export interface BucketsProps {
  /** Key that both buckets are encrypted with; without it S3's own. */
  readonly key: IKey | undefined;
  /** How long no version of an object can be deleted, if at all. */
  readonly objectLock: { readonly mode: "governance" | "compliance"; readonly days: number } | undefined;
}

/** Prefixes that one function uses. */
export interface BucketAccess {
  /** What it writes, and reads too. */
  readonly writes?: Prefixes;
  /** What it writes and lists, and never reads. */
  readonly marks?: Prefixes;
  /** What it only reads. */
  readonly reads?: Prefixes;
  /** What it only lists the keys of. */
  readonly lists?: Prefixes;
}

/** The archive, kept for good; the state, which expires; and the log of who has used either. */
export class Buckets extends Construct {
  readonly archive: Bucket;
  readonly state: Bucket;
  private readonly key: IKey | undefined;
  private readonly logs: Bucket;

  constructor(scope: Construct, id: string, { key, objectLock }: BucketsProps) {
    super(scope, id);
    this.key = key;
    this.logs = new Bucket(this, "AccessLogs", {
      ...privateBucket,
      // S3 writes its logs only into a bucket with its own encryption.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [abortUploads, { id: "expire", expiration: Duration.days(365) }],
    });
    this.archive = new Bucket(this, "Archive", {
      ...this.logged("archive/"),
      versioned: true,
      objectLockEnabled: objectLock && true,
      objectLockDefaultRetention: objectLock && lockOf(objectLock),
      lifecycleRules: [abortUploads, ...oldVersions],
    });
    this.state = new Bucket(this, "State", {
      ...this.logged("state/"),
      lifecycleRules: [abortUploads, ...stateRules()],
    });
  }

  /** One more bucket, closed like the others, for what can be made again. */
  addExpiring(id: string, expiration: Duration): Bucket {
    return new Bucket(this, id, {
      ...this.logged(`${id.toLowerCase()}/`),
      lifecycleRules: [abortUploads, { id: "expire", expiration }],
    });
  }

  /** Lets `role` use its prefixes, and the key that the objects are encrypted with. */
  grantAccess(role: IRole, { writes = none, marks = none, reads = none, lists = none }: BucketAccess): void {
    for (const bucket of ["archive", "state"] as const) {
      const prefixes = { writes: writes[bucket], marks: marks[bucket], reads: reads[bucket], lists: lists[bucket] };
      grantPrefixes(role, this[bucket], prefixes);
    }
    if (!this.key) return;
    // Not grantEncryptDecrypt, which allows kms:ReEncrypt* and kms:GenerateDataKey*.
    const actions = writes === none ? ["kms:Decrypt"] : ["kms:Decrypt", "kms:GenerateDataKey"];
    role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [this.key.keyArn] }));
  }

  /** What a bucket is made with whose every use is written down, under `serverAccessLogsPrefix`. */
  private logged(serverAccessLogsPrefix: string): BucketProps {
    return { ...privateBucket, ...encryptedWith(this.key), serverAccessLogsBucket: this.logs, serverAccessLogsPrefix };
  }
}

const none: Prefixes = { archive: [], state: [] };

/** TLS only, no public access, no ACLs, and never removed with the stack; only with a first deployment that failed. */
const privateBucket = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
} as const satisfies BucketProps;

function encryptedWith(encryptionKey: IKey | undefined): BucketProps {
  if (!encryptionKey) return { encryption: BucketEncryption.S3_MANAGED };
  return { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true };
}

function lockOf({ mode, days }: NonNullable<BucketsProps["objectLock"]>): ObjectLockRetention {
  const duration = Duration.days(days);
  return mode === "compliance" ? ObjectLockRetention.compliance(duration) : ObjectLockRetention.governance(duration);
}
