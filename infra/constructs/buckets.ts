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
import { bucketNames, type JobDeployment, type Prefixes } from "../../shared/job-deployment.ts";
import { abortUploads, oldVersionRules, stateRules } from "./lifecycle.ts";
import { grantPrefixes } from "./prefix-access.ts";

export interface BucketsProps {
  /** Key that encrypts the buckets. @default S3's own keys */
  readonly key: IKey | undefined;
  /** All known jobs, deployed or not: what an earlier deployment stored expires, too. */
  readonly jobs: readonly JobDeployment[];
  /** Days for which no version of an archived object can be deleted. @default no lock */
  readonly objectLock: { readonly mode: "governance" | "compliance"; readonly days: number } | undefined;
}

/** Prefixes that one function uses. */
export interface BucketAccess {
  /** Prefixes that it reads, lists and writes. */
  readonly writes?: Prefixes;
  /** Prefixes that it only writes. */
  readonly writesOnly?: Prefixes;
  /** Prefixes that it reads and lists. */
  readonly reads?: Prefixes;
  /** Prefixes that it only lists. */
  readonly lists?: Prefixes;
}

/**
 * The archive bucket, kept forever; the state bucket, which expires; the derived bucket, whose objects can be built again;
 * and the bucket of their access logs.
 */
export class Buckets extends Construct {
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly derived: Bucket;
  private readonly key: IKey | undefined;
  private readonly logs: Bucket;

  constructor(scope: Construct, id: string, { key, objectLock, jobs }: BucketsProps) {
    super(scope, id);
    this.key = key;
    this.logs = new Bucket(this, "AccessLogs", {
      ...privateBucket,
      // S3 writes its logs only into a bucket with its own encryption.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [abortUploads, { id: "expire", expiration: Duration.days(365) }],
    });
    this.archive = new Bucket(this, "Archive", {
      ...this.loggedBucket("archive/"),
      versioned: true,
      objectLockEnabled: objectLock && true,
      objectLockDefaultRetention: objectLock && lockOf(objectLock),
      lifecycleRules: [abortUploads, ...oldVersionRules(jobs)],
    });
    this.state = new Bucket(this, "State", {
      ...this.loggedBucket("state/"),
      lifecycleRules: [abortUploads, ...stateRules(jobs)],
    });
    // Neither lock nor versions: what must go from the archive must go from here.
    this.derived = new Bucket(this, "Derived", {
      ...this.loggedBucket("derived/"),
      lifecycleRules: [abortUploads],
    });
  }

  /** Adds a private bucket for objects that can be created again. */
  addExpiring(id: string, expiration: Duration): Bucket {
    return new Bucket(this, id, {
      ...this.loggedBucket(`${id.toLowerCase()}/`),
      lifecycleRules: [abortUploads, { id: "expire", expiration }],
    });
  }

  /** Grants `role` its prefixes and the key that encrypts the objects. */
  grantAccess(role: IRole, { writes, writesOnly, reads, lists }: BucketAccess): void {
    for (const bucket of bucketNames) {
      const prefixes = {
        writes: writes?.[bucket] ?? [],
        writesOnly: writesOnly?.[bucket] ?? [],
        reads: reads?.[bucket] ?? [],
        lists: lists?.[bucket] ?? [],
      };
      grantPrefixes(role, this[bucket], prefixes);
    }
    if (!this.key) return;
    // Not grantEncryptDecrypt, which allows kms:ReEncrypt* and kms:GenerateDataKey*.
    const actions = !writes && !writesOnly ? ["kms:Decrypt"] : ["kms:Decrypt", "kms:GenerateDataKey"];
    role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [this.key.keyArn] }));
  }

  /** Grants `role` to see by which rules S3 deletes objects of the archive. */
  grantLifecycleRules(role: IRole): void {
    const actions = ["s3:GetLifecycleConfiguration"];
    role.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [this.archive.bucketArn] }));
  }

  /** Properties of a private, encrypted bucket with access logs under `serverAccessLogsPrefix`. */
  private loggedBucket(serverAccessLogsPrefix: string): BucketProps {
    return { ...privateBucket, ...encryptedWith(this.key), serverAccessLogsBucket: this.logs, serverAccessLogsPrefix };
  }
}

/** TLS only, no public access, no ACLs. The bucket is kept when the stack is removed, except after a failed first deployment. */
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
