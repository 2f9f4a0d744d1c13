import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Expiration } from "../core/expiration.ts";
import { readExpirations } from "./bucket-lifecycle.ts";
import { statusOf, storageError } from "./storage-error.ts";

/** A body with known hash and length; it can be opened again for another attempt. */
export interface ObjectBody {
  readonly bytes: number;
  /** SHA-256 of the whole body, base64; S3 verifies and stores it. */
  readonly sha256: string;
  readonly open: () => Buffer | Readable;
}

export interface StoredObject {
  readonly body: Buffer;
  /** The value that conditional writes compare. */
  readonly etag: string;
  readonly lastModified: Date;
}

export interface ObjectStream {
  readonly etag: string;
  /** @throws STORAGE_FAILED when the connection is lost */
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface ObjectMetadata {
  readonly bytes: number;
  readonly etag: string;
  readonly contentType: string | undefined;
  /** Base64; undefined if the object was stored without a checksum or in parts. */
  readonly sha256: string | undefined;
  /** True if it lies in an archive class, so that its bytes cannot be read. Absent: false. */
  readonly isOffline?: boolean;
}

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
  readonly lastModified: Date;
}

/** One S3 bucket. Every write sends its SHA-256. Every method throws STORAGE_FAILED on failure. */
export interface Bucket {
  /** Returns undefined if there is no object, as do `open` and `head`. */
  readonly get: (key: string) => Promise<StoredObject | undefined>;
  /** Streams the object instead of reading it into memory. */
  readonly open: (key: string) => Promise<ObjectStream | undefined>;
  readonly head: (key: string) => Promise<ObjectMetadata | undefined>;
  /** Lists objects by key; only those with a key greater than `after`, if it is given. */
  readonly list: (prefix: string, after?: string) => AsyncIterable<ListedObject>;
  /** Reads by which lifecycle rules S3 deletes its objects; none without the right to read them. */
  readonly expirations: () => Promise<readonly Expiration[]>;
  /** Writes unconditionally; returns the new ETag. */
  readonly put: (key: string, body: ObjectBody, contentType: string) => Promise<string>;
  /** Writes only if there is no object; returns the new ETag, undefined if there was one. */
  readonly create: (key: string, body: ObjectBody, contentType: string) => Promise<string | undefined>;
  /**
   * Writes only if the ETag is still `ifMatch` (undefined: if there is no object). Returns undefined if another write
   * came first.
   */
  readonly replace: (
    key: string,
    body: ObjectBody,
    contentType: string,
    ifMatch: string | undefined,
  ) => Promise<string | undefined>;
}

const preconditionFailed = 412;
const conflict = 409;
const maxConflictAttempts = 3;
/** The SDK cannot send a stream twice; here the body is opened again. */
const maxStreamAttempts = 3;

/** Computes length and SHA-256 of a content that is held in memory. */
export function toBody(content: Buffer | string): ObjectBody {
  const body = Buffer.from(content);
  return { bytes: body.length, sha256: createHash("sha256").update(body).digest("base64"), open: () => body };
}

/**
 * Creates the access to one bucket over the SDK. A missing object is undefined, and any other refusal STORAGE_FAILED.
 */
export function createBucket(client: S3Client, name: string): Bucket {
  const urlOf = (key: string) => `s3://${name}/${key}`;
  const ifFound = async <T>(operation: string, key: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw storageError(`${operation} ${urlOf(key)}`, error);
    }
  };
  const getObject = (key: string) => client.send(new GetObjectCommand({ Bucket: name, Key: key }));
  const headObject = (key: string) =>
    client.send(new HeadObjectCommand({ Bucket: name, Key: key, ChecksumMode: "ENABLED" }));
  const write = (key: string, body: ObjectBody, contentType: string, condition: Condition) =>
    writeObject(client, { Bucket: name, Key: key, ContentType: contentType }, body, condition);
  return {
    get: (key) =>
      ifFound("GetObject", key, async () => {
        const { Body, ETag = "", LastModified = new Date(0) } = await getObject(key);
        return {
          body: Buffer.from((await Body?.transformToByteArray()) ?? []),
          etag: ETag,
          lastModified: LastModified,
        };
      }),
    open: (key) =>
      ifFound("GetObject", key, async () => {
        const { Body, ETag = "" } = await getObject(key);
        return { etag: ETag, chunks: chunksOf(Body as Readable, `GetObject ${urlOf(key)}`) };
      }),
    head: (key) =>
      ifFound("HeadObject", key, async () => {
        const { ContentLength = 0, ContentType, ChecksumSHA256, ETag = "", ...found } = await headObject(key);
        return {
          bytes: ContentLength,
          etag: ETag,
          contentType: ContentType,
          sha256: wholeObjectHash(ChecksumSHA256),
          ...(isOffline(found) && { isOffline: true }),
        };
      }),
    list: (prefix, after) => listObjects(client, { Bucket: name, Prefix: prefix, StartAfter: after }),
    expirations: () => readExpirations(client, name),
    put: async (key, body, contentType) => (await write(key, body, contentType, {})) ?? "",
    create: (key, body, contentType) => write(key, body, contentType, ifMissing),
    replace: (key, body, contentType, ifMatch) =>
      write(key, body, contentType, ifMatch === undefined ? ifMissing : { IfMatch: ifMatch }),
  };
}

type Target = Pick<PutObjectCommandInput, "Bucket" | "Key" | "ContentType">;
type Condition = Pick<PutObjectCommandInput, "IfMatch" | "IfNoneMatch">;
const ifMissing: Condition = { IfNoneMatch: "*" };

/** Writes an object; returns its ETag, undefined if the condition does not hold. A conflict with another write is retried. */
async function writeObject(client: S3Client, target: Target, body: ObjectBody, condition: Condition) {
  const input = {
    ...target,
    ContentLength: body.bytes,
    ChecksumSHA256: body.sha256,
    // Some S3-compatible servers store the checksum only if the request also has its algorithm.
    ChecksumAlgorithm: "SHA256" as const,
    ...condition,
  };
  for (let attempts = 1; ; attempts++) {
    try {
      // Every S3 sends an ETag; without one the write still succeeded.
      return (await sendBody(client, input, body)).ETag ?? "";
    } catch (error) {
      const status = statusOf(error);
      const isConditional = Object.keys(condition).length > 0;
      if (isConditional && status === preconditionFailed) return undefined;
      if (condition.IfMatch && status === 404) return undefined;
      if (status !== conflict || attempts === maxConflictAttempts)
        throw storageError(`PutObject s3://${target.Bucket}/${target.Key}`, error);
    }
  }
}

/** Sends one PutObject. The SDK retries buffers; streams are opened again and retried here. */
async function sendBody(client: S3Client, input: PutObjectCommandInput, body: ObjectBody) {
  for (let attempts = 1; ; attempts++) {
    try {
      return await client.send(new PutObjectCommand({ ...input, Body: body.open() }));
    } catch (error) {
      const status = statusOf(error) ?? 500;
      if (status < 500 || attempts === maxStreamAttempts) throw error;
    }
  }
}

async function* listObjects(client: S3Client, input: ListObjectsV2CommandInput): AsyncGenerator<ListedObject> {
  try {
    for await (const page of paginateListObjectsV2({ client }, input)) {
      for (const { Key, LastModified, Size = 0, ETag = "" } of page.Contents ?? []) {
        if (Key) yield { key: Key, bytes: Size, etag: ETag, lastModified: LastModified ?? new Date(0) };
      }
    }
  } catch (error) {
    throw storageError(`ListObjectsV2 s3://${input.Bucket}/${input.Prefix}`, error);
  }
}

/**
 * For an object stored in parts S3 has a hash of hashes, `<base64>-<parts>`.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export function wholeObjectHash(checksum: string | undefined): string | undefined {
  return checksum?.includes("-") ? undefined : checksum;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/archived-objects.html */
function isOffline({ StorageClass, ArchiveStatus, Restore = "" }: Partial<HeadObjectCommandOutput>): boolean {
  const isArchived = StorageClass === "GLACIER" || StorageClass === "DEEP_ARCHIVE" || ArchiveStatus !== undefined;
  return isArchived && !Restore.includes('ongoing-request="false"');
}

/** Reads a body. @throws STORAGE_FAILED when the connection is lost */
export async function* chunksOf(body: Readable, operation: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw storageError(operation, error);
  }
}
