import { createDirectS3 } from "../../../lab/aws/direct-clients.ts";
import { type AwsInProcess, openAws } from "../../../lab/aws/server.ts";
import { type Bucket, createBucket } from "../../../shared/aws/bucket.ts";

/** Buckets of the lab's S3, and its controls. */
export interface OpenS3 extends Readonly<Record<"archive" | "state" | "derived", Bucket>> {
  readonly aws: AwsInProcess;
}

/** Opens S3 in this process. */
export async function openS3(): Promise<OpenS3> {
  const aws = await openAws({ buckets: { archive: { versioned: true }, state: {}, derived: {} } });
  const client = createDirectS3(aws.unsignedHandler);
  const bucket = (name: string) => createBucket(client, name);
  return { aws, archive: bucket("archive"), state: bucket("state"), derived: bucket("derived") };
}
