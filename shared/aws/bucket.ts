import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import { statusOf, storageError } from "./storage-error.ts";

/** A body whose hash and length are known ahead: bytes, or something that can be opened again for another try. */
export interface ObjectBody {
  readonly bytes: number;
  /** SHA-256 of the whole body, base64, which S3 verifies and keeps. */
  readonly sha256: string;
  readonly open: () => Buffer | Readable;
}

export interface StoredObject {
  readonly body: Buffer;
  /** Its ETag: the only thing that a conditional write compares. */
  readonly etag: string;
  readonly lastModified: Date;
}

/** An object under way. */
export interface ObjectStream {
  readonly etag: string;
  /** @throws JobError STORAGE_FAILED when the connection breaks */
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface ObjectMetadata {
  readonly bytes: number;
  readonly etag: string;
  readonly contentType: string | undefined;
  /** Base64, as S3 keeps it, or undefined for an object that was stored without, or in parts. */
  readonly sha256: string | undefined;
}

export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly etag: string;
  readonly lastModified: Date;
}

/** One S3 bucket. Every write names its SHA-256; every fault is a JobError STORAGE_FAILED. */
export interface Bucket {
  readonly get: (key: string) => Promise<StoredObject | undefined>;
  /** The same without holding it in memory. */
  readonly open: (key: string) => Promise<ObjectStream | undefined>;
  readonly head: (key: string) => Promise<ObjectMetadata | undefined>;
  readonly list: (prefix: string) => AsyncIterable<ListedObject>;
  /** Each write returns the new ETag. */
  readonly put: (key: string, body: ObjectBody, contentType: string) => Promise<string>;
  /** Stores only where nothing is; undefined where something was. */
  readonly create: (key: string, body: ObjectBody, contentType: string) => Promise<string | undefined>;
  /** Stores only over exactly the ETag `over` (undefined: over nothing); undefined where another write came first. */
  readonly replace: (
    key: string,
    body: ObjectBody,
    contentType: string,
    ifMatch: string | undefined,
  ) => Promise<string | undefined>;
}

const preconditionFailed = 412;
const conflict = 409;
const conflictTries = 3;
/** The SDK cannot send a stream twice; a body that can be opened again is. */
const streamTries = 3;

export function toBody(content: Buffer | string): ObjectBody {
  const body = Buffer.from(content);
  return { bytes: body.length, sha256: createHash("sha256").update(body).digest("base64"), open: () => body };
}

export function createBucket(client: S3Client, name: string): Bucket {
  const at = (operation: string, key: string) => `${operation} s3://${name}/${key}`;

  const absentOr = <T>(operation: string, key: string) => {
    return (error: unknown): T | undefined => {
      if (statusOf(error) === 404) return undefined;
      throw storageError(at(operation, key), error);
    };
  };

  /** One PutObject; the SDK repeats bytes by itself, a stream is opened anew here. */
  const send = async (input: PutObjectCommandInput, body: ObjectBody) => {
    for (let tried = 1; ; tried++) {
      try {
        return await client.send(new PutObjectCommand({ ...input, Body: body.open() }));
      } catch (error) {
        const status = statusOf(error) ?? 500;
        if (status < 500 || tried === streamTries) throw error;
      }
    }
  };

  const write = async (
    key: string,
    body: ObjectBody,
    contentType: string,
    condition: Partial<PutObjectCommandInput>,
  ) => {
    const input = {
      Bucket: name,
      Key: key,
      ContentLength: body.bytes,
      ContentType: contentType,
      ChecksumSHA256: body.sha256,
      // Some servers keep a checksum only if its algorithm is named, too.
      ChecksumAlgorithm: "SHA256" as const,
      ...condition,
    };
    for (let tried = 1; ; tried++) {
      try {
        // Every S3 names the ETag; an empty one stands for a write that took place.
        return (await send(input, body)).ETag ?? "";
      } catch (error) {
        const status = statusOf(error);
        const isConditional = Object.keys(condition).length > 0;
        if (isConditional && status === preconditionFailed) return undefined;
        if (condition.IfMatch && status === 404) return undefined;
        if (status !== conflict || tried === conflictTries) throw storageError(at("PutObject", key), error);
      }
    }
  };

  return {
    get: async (key) => {
      try {
        const found = await client.send(new GetObjectCommand({ Bucket: name, Key: key }));
        const body = Buffer.from((await found.Body?.transformToByteArray()) ?? []);
        return { body, etag: found.ETag ?? "", lastModified: found.LastModified ?? new Date(0) };
      } catch (error) {
        return absentOr<StoredObject>("GetObject", key)(error);
      }
    },
    open: async (key) => {
      try {
        const found = await client.send(new GetObjectCommand({ Bucket: name, Key: key }));
        return { etag: found.ETag ?? "", chunks: chunksOf(found.Body as Readable, at("GetObject", key)) };
      } catch (error) {
        return absentOr<ObjectStream>("GetObject", key)(error);
      }
    },
    head: async (key) => {
      try {
        const command = new HeadObjectCommand({ Bucket: name, Key: key, ChecksumMode: "ENABLED" });
        const { ContentLength, ContentType, ChecksumSHA256, ETag = "" } = await client.send(command);
        return { bytes: ContentLength ?? 0, etag: ETag, contentType: ContentType, sha256: wholeHash(ChecksumSHA256) };
      } catch (error) {
        return absentOr<ObjectMetadata>("HeadObject", key)(error);
      }
    },
    list: async function* (prefix) {
      try {
        for await (const page of paginateListObjectsV2({ client }, { Bucket: name, Prefix: prefix })) {
          for (const { Key, LastModified, Size = 0, ETag = "" } of page.Contents ?? []) {
            if (Key) yield { key: Key, bytes: Size, etag: ETag, lastModified: LastModified ?? new Date(0) };
          }
        }
      } catch (error) {
        throw storageError(at("ListObjectsV2", prefix), error);
      }
    },
    put: async (key, body, contentType) => (await write(key, body, contentType, {})) ?? "",
    create: (key, body, contentType) => write(key, body, contentType, { IfNoneMatch: "*" }),
    replace: (key, body, contentType, ifMatch) =>
      write(key, body, contentType, ifMatch === undefined ? { IfNoneMatch: "*" } : { IfMatch: ifMatch }),
  };
}

/** Of an object stored in parts S3 keeps a hash of hashes, `<base64>-<parts>` (S3 user guide: checking object integrity). */
function wholeHash(checksum: string | undefined): string | undefined {
  return checksum?.includes("-") ? undefined : checksum;
}

async function* chunksOf(body: Readable, doing: string): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw storageError(doing, error);
  }
}
