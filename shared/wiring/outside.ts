import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type Bucket, createBucket } from "../aws/bucket.ts";
import { ownChecksums, readAsStored } from "../aws/s3-checksums.ts";
import type { Signer } from "../aws/signer.ts";
import type { Topic } from "../aws/topic.ts";
import { awsTimeouts } from "../aws-timeouts.ts";
import { createLog, type Log } from "../runtime/log.ts";
import { createMetrics, type MetricsSink } from "../runtime/metrics.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Everything outside the process: network, AWS, clock, randomness, log and metrics. Tests replace it. */
export interface Outside {
  readonly fetch: typeof fetch;
  readonly sleep: (ms: number) => Promise<void>;
  readonly nonce: () => string;
  /** Epoch ms by this machine's clock, which may be wrong. */
  readonly machineNow: () => number;
  readonly s3: () => S3Client;
  /** Returns damaged objects as they are, for a job that compares them with manifests. */
  readonly s3AsStored: () => S3Client;
  readonly bucket: (client: S3Client, name: string) => Bucket;
  readonly secrets: () => SecretsManagerClient;
  readonly signer: (keyArn: string) => Signer;
  /** Reads the public key of a KMS key, in PEM. */
  readonly publicKey: (keyArn: string) => Promise<string>;
  readonly topic: (arn: string) => Topic;
  readonly log: (job: string, run: string) => Log;
  readonly metrics: (job: string, environment: Environment) => MetricsSink;
}

/** Network, time, randomness and AWS clients of a deployed function. Tests replace them. */
export const defaultOutside: Outside = {
  fetch,
  sleep,
  nonce: randomUUID,
  machineNow: () => Date.now(),
  s3: () => new S3Client({ ...ownChecksums, requestHandler: awsTimeouts }),
  s3AsStored: () => new S3Client({ ...readAsStored, requestHandler: awsTimeouts }),
  bucket: createBucket,
  secrets: () => new SecretsManagerClient({ requestHandler: awsTimeouts }),
  // Loaded on first use, because most functions neither sign, nor check signatures, nor notify.
  signer: (keyArn) => async (text) => (await import("../aws/signer.ts")).createKmsSigner(keyArn)(text),
  publicKey: async (keyArn) => (await import("../aws/public-key.ts")).readPublicKey(keyArn),
  topic: (arn) => ({
    arn,
    publish: async (message) => (await import("../aws/topic.ts")).createSnsTopic(arn).publish(message),
  }),
  log: createLog,
  metrics: createMetrics,
};
