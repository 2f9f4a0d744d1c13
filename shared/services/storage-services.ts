import { randomUUID } from "node:crypto";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { type Bucket, createBucket } from "../aws/bucket.ts";
import { createRunOwner, OwnerRecord } from "../aws/run-owner.ts";
import { createS3Clock } from "../aws/s3-clock.ts";
import { createSigner, type Signer } from "../aws/signer.ts";
import { versionedObject } from "../aws/versioned-object.ts";
import { Env } from "../contract.ts";
import { stateKeys } from "../core/object-keys.ts";
import type { Run, RunServices } from "../runtime/job.ts";
import type { MetricsSink } from "../runtime/metrics.ts";
import type { JobTelling } from "./job-telling.ts";
import type { StorageEnvironment } from "./settings.ts";

/** What the steps of every job work with. */
export interface StorageServices extends RunServices {
  readonly run: Run;
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly metrics: MetricsSink;
  readonly timeZone: string;
  /** Signs the ledger's entries, where the account does. */
  readonly sign: Signer | undefined;
}

/** What a container opens once, and each slice shares. */
export function openStorage(config: StorageEnvironment, { job, log, metrics }: JobTelling) {
  const s3 = new S3Client({
    // Every write names its own SHA-256; a second checksum would be computed for nothing.
    requestChecksumCalculation: "WHEN_REQUIRED",
    requestHandler: { connectionTimeout: 3_000, socketTimeout: 30_000 },
  });
  const now = createS3Clock(s3, Date.now);
  const state = createBucket(s3, config[Env.stateBucket]);
  const keyArn = config[Env.signWith];
  const ownerRecord = versionedObject(state, stateKeys.owner(job), OwnerRecord);
  const shared = {
    archive: createBucket(s3, config[Env.archiveBucket]),
    ...{ state, now },
    owner: createRunOwner(ownerRecord, { now, nonce: randomUUID }),
    sign: keyArn ? createSigner(new KMSClient({}), keyArn) : undefined,
    timeZone: config[Env.timeZone],
  };
  return (run: Run): StorageServices => ({
    ...shared,
    run,
    metrics: metrics(),
    log: log(run),
    restUntil: () => undefined,
  });
}
