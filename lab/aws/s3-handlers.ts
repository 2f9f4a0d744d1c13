import { getBucketLifecycle, putBucketLifecycle } from "./s3-bucket-lifecycle.ts";
import {
  createBucket,
  deleteBucket,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketVersioning,
} from "./s3-buckets.ts";
import type { S3Handler } from "./s3-call.ts";
import { copyObject } from "./s3-copy-object.ts";
import { deleteObject, deleteObjects } from "./s3-delete.ts";
import { getObject, headObject } from "./s3-get-object.ts";
import { listObjectsV2 } from "./s3-list-objects.ts";
import { listObjectVersions } from "./s3-list-versions.ts";
import type { S3Operation } from "./s3-operation.ts";
import { putObject } from "./s3-put-object.ts";

/** Handlers by operation. */
export const s3Handlers: Readonly<Record<S3Operation, S3Handler>> = {
  CopyObject: copyObject,
  CreateBucket: createBucket,
  DeleteBucket: deleteBucket,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  GetBucketLifecycleConfiguration: getBucketLifecycle,
  GetBucketVersioning: getBucketVersioning,
  GetObject: getObject,
  HeadBucket: headBucket,
  HeadObject: headObject,
  ListBuckets: listBuckets,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
  PutBucketLifecycleConfiguration: putBucketLifecycle,
  PutBucketVersioning: putBucketVersioning,
  PutObject: putObject,
};
