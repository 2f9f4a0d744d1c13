import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KMSClient, type KMSClientConfig } from "@aws-sdk/client-kms";
import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { onTestFinished } from "vitest";
import { type Aws, type ServerOptions, startAws } from "../server.ts";

export const labCredentials = { accessKeyId: "lab", secretAccessKey: "lab" };

/** Opens a lab's AWS for one test, in memory. */
export async function enterLab(options: Partial<ServerOptions> = {}): Promise<Aws> {
  const aws = await startAws({ buckets: { archive: { versioned: true }, state: {}, derived: {} }, ...options });
  onTestFinished(() => aws.stop());
  return aws;
}

/** Opens it over a folder that is removed with the test. */
export async function enterFolderLab(options: Partial<ServerOptions> = {}): Promise<Aws & { readonly dir: string }> {
  const dir = options.dir ?? (await newFolder());
  return { ...(await enterLab({ ...options, dir })), dir };
}

/** Creates an empty folder that is removed with the test. */
export async function newFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "lab-aws-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  return dir;
}

/** Creates the SDK's unmodified client, with the lab as its endpoint. */
export function s3Client(aws: Aws, config: S3ClientConfig = {}): S3Client {
  const client = new S3Client({ region: "us-east-1", endpoint: aws.url, credentials: labCredentials, ...config });
  onTestFinished(() => client.destroy());
  return client;
}

export function secretsClient(aws: Aws): SecretsManagerClient {
  const client = new SecretsManagerClient({ region: "us-east-1", endpoint: aws.url, credentials: labCredentials });
  onTestFinished(() => client.destroy());
  return client;
}

export function kmsClient(aws: Aws, config: KMSClientConfig = {}): KMSClient {
  const client = new KMSClient({ region: "us-east-1", endpoint: aws.url, credentials: labCredentials, ...config });
  onTestFinished(() => client.destroy());
  return client;
}

/** Returns how a client's call ended: the error's name, or `accepted`. */
export async function outcomeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "accepted",
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
}
