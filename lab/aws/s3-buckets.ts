import { AwsError } from "./aws-error.ts";
import { readDocumentBody } from "./receive-document.ts";
import type { S3Handler } from "./s3-call.ts";
import { xmlDocument } from "./xml.ts";
import { malformed, readXml, textOf } from "./xml-reader.ts";

const region = "us-east-1";

export const listBuckets: S3Handler = async (_call, world) => {
  const buckets = world.store.all().map(({ name, createdMs }) => ({
    Name: name,
    CreationDate: new Date(createdMs).toISOString(),
  }));
  return { status: 200, body: xmlDocument("ListAllMyBucketsResult", { Buckets: { Bucket: buckets } }) };
};

export const createBucket: S3Handler = async (call, world) => {
  await readDocumentBody(call);
  if (world.store.has(call.bucket)) {
    const message = "Your previous request to create the named bucket succeeded and you already own it.";
    throw new AwsError(409, "BucketAlreadyOwnedByYou", message, { details: { BucketName: call.bucket } });
  }
  await world.store.create(call.bucket, world.clock.now());
  return { status: 200, headers: { location: `/${call.bucket}` } };
};

export const headBucket: S3Handler = async (call, world) => {
  world.store.bucket(call.bucket);
  return { status: 200, headers: { "x-amz-bucket-region": region, "content-type": "application/xml" } };
};

export const deleteBucket: S3Handler = async (call, world) => {
  const bucket = world.store.bucket(call.bucket);
  if (bucket.keys.size > 0) {
    const message = "The bucket you tried to delete is not empty";
    throw new AwsError(409, "BucketNotEmpty", message, { details: { BucketName: call.bucket } });
  }
  await world.store.remove(call.bucket);
  return { status: 204 };
};

export const getBucketVersioning: S3Handler = async (call, world) => {
  const status = world.store.bucket(call.bucket).versioning();
  return { status: 200, body: xmlDocument("VersioningConfiguration", { Status: status }) };
};

export const putBucketVersioning: S3Handler = async (call, world) => {
  const bucket = world.store.bucket(call.bucket);
  const status = textOf(readXml(await readDocumentBody(call), "VersioningConfiguration"), "Status");
  if (status !== "Enabled" && status !== "Suspended") throw malformed();
  await bucket.setVersioning(status);
  return { status: 200 };
};
