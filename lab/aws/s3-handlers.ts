import {
  createBucket,
  deleteBucket,
  getBucketVersioning,
  headBucket,
  listBuckets,
  putBucketVersioning,
} from "./s3-buckets.ts";
import type { S3Handler } from "./s3-call.ts";
import { completeMultipartUpload } from "./s3-complete-upload.ts";
import { copyObject } from "./s3-copy-object.ts";
import { deleteObject, deleteObjects } from "./s3-delete.ts";
import { getObject, headObject } from "./s3-get-object.ts";
import { listObjectsV2 } from "./s3-list-objects.ts";
import { listObjectVersions } from "./s3-list-versions.ts";
import { abortMultipartUpload, createMultipartUpload, uploadPart } from "./s3-multipart.ts";
import type { S3Operation } from "./s3-operation.ts";
import { putObject } from "./s3-put-object.ts";
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from "./s3-tagging.ts";

/** Handlers by operation. */
export const s3Handlers: Readonly<Record<S3Operation, S3Handler>> = {
  AbortMultipartUpload: abortMultipartUpload,
  CompleteMultipartUpload: completeMultipartUpload,
  CopyObject: copyObject,
  CreateBucket: createBucket,
  CreateMultipartUpload: createMultipartUpload,
  DeleteBucket: deleteBucket,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  DeleteObjectTagging: deleteObjectTagging,
  GetBucketVersioning: getBucketVersioning,
  GetObject: getObject,
  GetObjectTagging: getObjectTagging,
  HeadBucket: headBucket,
  HeadObject: headObject,
  ListBuckets: listBuckets,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,
  PutBucketVersioning: putBucketVersioning,
  PutObject: putObject,
  PutObjectTagging: putObjectTagging,
  UploadPart: uploadPart,
};
