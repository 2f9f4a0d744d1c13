import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { createDirectS3 } from "../../../lab/aws/direct-clients.ts";
import { openAws } from "../../../lab/aws/server.ts";
import { createClock } from "../../../lab/clock.ts";
import { type Bucket, createBucket } from "../../../shared/aws/bucket.ts";
import { JobError } from "../../../shared/errors.ts";
import { nightsOver, type TestArchive } from "./archive-lab.ts";
import { begun } from "./sample-archive.ts";

/** An archive in some S3. Its state bucket is in memory, and so is its clock. */
export async function openArchiveIn(client: S3Client, bucketName: string, objects = client): Promise<TestArchive> {
  const clock = createClock(begun);
  const { unsignedHandler } = await openAws({ buckets: { state: {} }, clock, checkSkew: false });
  const state = createBucket(createDirectS3(unsignedHandler), "state");
  const archive = createBucket(objects, bucketName);
  const nights = nightsOver({ archive: withoutDates(archive), state, clock });
  const alterBeneath = async () => {
    throw new Error("Nothing reaches beneath the S3 of others");
  };
  return { bucketName, client, archive, alterBeneath, ...nights };
}

/** @throws REQUEST_INVALID when the bucket holds anything or does not keep versions */
export async function checkScratch(client: S3Client, bucketName: string): Promise<void> {
  const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: bucketName }));
  if (Status !== "Enabled") throw unfit(`${bucketName} does not keep versions`, "Enable its versioning.");
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: bucketName }),
  );
  if (Versions.length + DeleteMarkers.length > 0) throw unfit(`${bucketName} is not empty`, "Name an empty bucket.");
}

/** Deletes every version. */
export async function emptyScratch(client: S3Client, bucketName: string): Promise<void> {
  for (;;) {
    const listed = await client.send(new ListObjectVersionsCommand({ Bucket: bucketName }));
    const versions = [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])];
    if (versions.length === 0) return;
    for (const { Key, VersionId } of versions)
      await client.send(new DeleteObjectCommand({ Bucket: bucketName, Key, VersionId }));
  }
}

/** The nights have a clock of their own, by which no event is older than its manifest. */
function withoutDates(archive: Bucket): Bucket {
  return {
    ...archive,
    get: async (key) => {
      const stored = await archive.get(key);
      return stored && { ...stored, lastModified: new Date(0) };
    },
  };
}

function unfit(message: string, hint: string): JobError {
  return new JobError("REQUEST_INVALID", message, { hint });
}
