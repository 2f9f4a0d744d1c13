import { randomUUID } from "node:crypto";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from "@aws-sdk/client-s3";

/** The S3 that the suite examines: any server, with two buckets of the suite's own. */
export interface S3UnderTest {
  readonly client: S3Client;
  /** A second client of the same server, with other settings. */
  clientWith(config: S3ClientConfig): S3Client;
  /** A bucket that was never versioned. */
  readonly plain: string;
  readonly versioned: string;
  /** Empties and deletes the buckets. */
  leave(): Promise<void>;
}

/** Makes the suite's own buckets. */
export async function enterS3(config: S3ClientConfig): Promise<S3UnderTest> {
  const clientWith = (more: S3ClientConfig) => new S3Client({ forcePathStyle: true, ...config, ...more });
  const client = clientWith({});
  const plain = `conformance-${randomUUID()}`;
  const versioned = `conformance-${randomUUID()}`;
  for (const Bucket of [plain, versioned]) await client.send(new CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await client.send(new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration }));
  return {
    client,
    clientWith,
    plain,
    versioned,
    leave: async () => {
      for (const bucket of [plain, versioned]) await deleteBucket(client, bucket);
      client.destroy();
    },
  };
}

/** A key that no other test uses. */
export function newKey(end = "object"): string {
  return `${randomUUID()}/${end}`;
}

/** Returns the server's refusal, or `accepted`. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "accepted";
  } catch (error) {
    if (error instanceof S3ServiceException) return `${error.$metadata.httpStatusCode} ${error.name}`;
    throw error;
  }
}

async function deleteBucket(client: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const listed = await client.send(new ListObjectVersionsCommand({ Bucket }));
    const versions = [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])];
    if (versions.length === 0) break;
    const Objects = versions.map(({ Key, VersionId }) => ({ Key, VersionId }));
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
  await client.send(new DeleteBucketCommand({ Bucket }));
}
