import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { enterLab, s3Client } from "./trial/lab-under-test.ts";

const Bucket = "archive";
const Key = "a";

test("a bucket whose versioning is suspended overwrites the version called null and keeps the others", async () => {
  const client = s3Client(await enterLab());
  const put = async (Body: string) => (await client.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId;
  const versioned = await put("versioned");
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Suspended" } }));

  const ids = [await put("suspended"), await put("suspended again")];
  const removed = await client.send(new DeleteObjectCommand({ Bucket, Key }));

  const listed = await client.send(new ListObjectVersionsCommand({ Bucket }));
  expect(ids).toEqual(["null", "null"]);
  expect(removed).toMatchObject({ DeleteMarker: true, VersionId: "null" });
  expect(listed.Versions?.map(({ VersionId }) => VersionId)).toEqual([versioned]);
  const kept = await client.send(new GetObjectCommand({ Bucket, Key, VersionId: versioned }));
  expect(await kept.Body?.transformToString()).toBe("versioned");
});
