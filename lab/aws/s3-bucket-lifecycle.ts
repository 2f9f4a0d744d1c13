import { AwsError } from "./aws-error.ts";
import { readDocumentBody } from "./receive-document.ts";
import type { S3Handler } from "./s3-call.ts";

/** Keeps a bucket's rules; the lab never applies them. */
export const putBucketLifecycle: S3Handler = async (call, world) => {
  await world.store.bucket(call.bucket).setLifecycle(await readDocumentBody(call));
  return { status: 200 };
};

export const getBucketLifecycle: S3Handler = async (call, world) => {
  const rules = world.store.bucket(call.bucket).lifecycle();
  if (rules !== undefined) return { status: 200, body: rules };
  const message = "The lifecycle configuration does not exist";
  throw new AwsError(404, "NoSuchLifecycleConfiguration", message, { details: { BucketName: call.bucket } });
};
