import type { Readable } from "node:stream";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { compareText } from "../core/compare-text.ts";
import { chunksOf, wholeObjectHash } from "./bucket.ts";
import { statusOf, storageError } from "./storage-error.ts";

/** One version of an object, or a delete marker. */
export interface ObjectVersion {
  readonly key: string;
  readonly versionId: string;
  /** True for the newest: the object as a GET finds it, or the marker that hides it. */
  readonly isLatest: boolean;
  readonly isMarker: boolean;
  readonly bytes: number;
  readonly etag: string;
  readonly lastModified: Date;
}

/** The versions of a bucket's objects. It never deletes one. Every method throws STORAGE_FAILED on failure. */
export interface ObjectVersions {
  /** True if the bucket keeps every version. */
  readonly isVersioned: () => Promise<boolean>;
  /** Lists versions and delete markers by key, those of a key newest first. */
  readonly list: (prefix: string) => AsyncIterable<ObjectVersion>;
  /** Returns the SHA-256 (base64) that S3 stores of a version; undefined if it stores none. */
  readonly storedSha256: (version: ObjectVersion) => Promise<string | undefined>;
  readonly read: (version: ObjectVersion) => Promise<AsyncIterable<Uint8Array>>;
  /**
   * Copies a version onto its key; S3 computes and stores its SHA-256. Returns false, and changes nothing, if the key's newest
   * version is not `latest` any more. Objects have 5 GiB at most.
   */
  readonly copyOver: (version: ObjectVersion, latest: ObjectVersion | undefined) => Promise<boolean>;
  /** Hides an object behind a delete marker. */
  readonly hide: (key: string) => Promise<void>;
}

const conflict = 409;
const preconditionFailed = 412;

/** Creates the access to the versions of one bucket over the SDK. */
export function createObjectVersions(client: S3Client, bucket: string): ObjectVersions {
  const trying = async <T>(operation: string, key: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storageError(`${operation} s3://${bucket}/${key}`, error);
    }
  };
  const at = ({ key, versionId }: ObjectVersion) => ({ Bucket: bucket, Key: key, VersionId: versionId });
  return {
    isVersioned: () =>
      trying("GetBucketVersioning", "", async () => {
        const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: bucket }));
        return Status === "Enabled";
      }),
    list: (prefix) => listVersions(client, bucket, prefix),
    storedSha256: (version) =>
      trying("HeadObject", version.key, async () => {
        const command = new HeadObjectCommand({ ...at(version), ChecksumMode: "ENABLED" });
        return wholeObjectHash((await client.send(command)).ChecksumSHA256);
      }),
    read: (version) =>
      trying("GetObject", version.key, async () => {
        const { Body } = await client.send(new GetObjectCommand(at(version)));
        return chunksOf(Body as Readable, `GetObject s3://${bucket}/${version.key}`);
      }),
    copyOver: (version, latest) =>
      trying("CopyObject", version.key, () => unlessChanged(() => client.send(copyCommand(bucket, version, latest)))),
    hide: (key) =>
      trying("DeleteObject", key, async () => {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
      }),
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
function copyCommand(bucket: string, { key, versionId }: ObjectVersion, latest: ObjectVersion | undefined) {
  const path = [bucket, ...key.split("/")].map(encodeURIComponent).join("/");
  const isHidden = latest === undefined || latest.isMarker;
  return new CopyObjectCommand({
    Bucket: bucket,
    Key: key,
    CopySource: `${path}?versionId=${encodeURIComponent(versionId)}`,
    MetadataDirective: "COPY",
    ChecksumAlgorithm: "SHA256",
    ...(isHidden ? { IfNoneMatch: "*" } : { IfMatch: latest.etag }),
  });
}

async function unlessChanged(copy: () => Promise<unknown>): Promise<boolean> {
  try {
    await copy();
    return true;
  } catch (error) {
    const status = statusOf(error);
    if (status === preconditionFailed || status === conflict) return false;
    throw error;
  }
}

/** The SDK parses versions and delete markers into two lists, and those of a key may be spread over pages. */
async function* listVersions(client: S3Client, bucket: string, prefix: string): AsyncGenerator<ObjectVersion> {
  let held: ObjectVersion[] = [];
  let marker = {};
  for (;;) {
    const page = await listPage(client, { Bucket: bucket, Prefix: prefix, ...marker });
    const versions = [...held, ...versionsOf(page)].sort(byKeyNewestFirst);
    const openKey = page.IsTruncated ? page.NextKeyMarker : undefined;
    held = versions.filter(({ key }) => key === openKey);
    yield* versions.filter(({ key }) => key !== openKey);
    if (!page.IsTruncated) return;
    marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
  }
}

async function listPage(client: S3Client, input: ListObjectVersionsCommandInput) {
  try {
    return await client.send(new ListObjectVersionsCommand(input));
  } catch (error) {
    throw storageError(`ListObjectVersions s3://${input.Bucket}/${input.Prefix}`, error);
  }
}

function versionsOf({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput): ObjectVersion[] {
  const version = (listed: (typeof Versions)[number], isMarker: boolean): ObjectVersion => ({
    key: listed.Key ?? "",
    versionId: listed.VersionId ?? "null",
    isLatest: listed.IsLatest === true,
    isMarker,
    bytes: listed.Size ?? 0,
    etag: listed.ETag ?? "",
    lastModified: listed.LastModified ?? new Date(0),
  });
  return [...Versions.map((each) => version(each, false)), ...DeleteMarkers.map((each) => version(each, true))];
}

/** S3 lists the newest of a key first; of two in one second the order of its list stays. */
function byKeyNewestFirst(a: ObjectVersion, b: ObjectVersion): number {
  return (
    compareText(a.key, b.key) ||
    Number(b.isLatest) - Number(a.isLatest) ||
    b.lastModified.getTime() - a.lastModified.getTime()
  );
}
