import { createHash } from "node:crypto";
import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { openAws } from "./server.ts";

async function openBucket() {
  const { requestHandler } = await openAws({ buckets: { sealed: { versioned: true, kms: true } } });
  const credentials = { accessKeyId: "lab", secretAccessKey: "lab" };
  const client = new S3Client({ region: "us-east-1", endpoint: "http://127.0.0.1", credentials, requestHandler });
  const at = { Bucket: "sealed", Key: "call.mp3" };
  const put = (more = {}) => client.send(new PutObjectCommand({ ...at, Body: "audio", ...more }));
  const head = () => client.send(new HeadObjectCommand(at));
  return { client, at, put, head };
}
const md5 = `"${createHash("md5").update("audio").digest("hex")}"`;

test("in a bucket under KMS an ETag is not the MD5 of the bytes, and another at each write and copy", async () => {
  const { client, at, put } = await openBucket();

  const [first, second] = [await put(), await put()];
  const CopySource = `sealed/call.mp3?versionId=${first.VersionId}`;
  const { CopyObjectResult } = await client.send(new CopyObjectCommand({ ...at, CopySource }));

  const etags = [first.ETag, second.ETag, CopyObjectResult?.ETag];
  expect(new Set([...etags, md5]).size).toBe(4);
  expect(await (await client.send(new GetObjectCommand(at))).Body?.transformToString()).toBe("audio");
});

test("an object says that it is under KMS, unless its write named another encryption", async () => {
  const { put, head } = await openBucket();

  expect(await put()).toMatchObject({ ServerSideEncryption: "aws:kms" });
  expect(await head()).toMatchObject({ ServerSideEncryption: "aws:kms" });
  expect(await put({ ServerSideEncryption: "AES256" })).toMatchObject({ ServerSideEncryption: "AES256", ETag: md5 });
});
