import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import "aws-sdk-client-mock-vitest/extend";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { createObjectVersions, type ObjectVersion } from "../../shared/aws/object-versions.ts";
import { networkError, s3Error } from "../support/aws/sdk-error.ts";
import { errorOf } from "../support/ringcentral/open-client.ts";

const s3 = mockClient(S3Client);
const versions = createObjectVersions(new S3Client({}), "archive");
const collected = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};
const key = "recordings/account=7%2E1/date=2026-11-01/1.mp3";
const version: ObjectVersion = {
  ...{ key, versionId: "v+1", isLatest: false, isMarker: false, bytes: 5, etag: '"one"' },
  lastModified: new Date("2026-11-02T00:00:00Z"),
};

beforeEach(() => {
  s3.reset();
});
afterAll(() => s3.restore());

const operations: readonly [string, () => Promise<unknown>][] = [
  ["GetBucketVersioning", () => versions.isVersioned()],
  ["ListObjectVersions", () => collected(versions.list("recordings/"))],
  ["HeadObject", () => versions.storedSha256(version)],
  ["GetObject", () => versions.read(version)],
  ["CopyObject", () => versions.copyOver(version, undefined)],
  ["DeleteObject", () => versions.hide(key)],
];

describe.each(operations)("%s", (name, work) => {
  test("that S3 denies fails, and names operation and object", async () => {
    s3.onAnyCommand().rejects(s3Error(403, "AccessDenied"));

    const error = await errorOf(work());

    expect(error).toMatchObject({ code: "STORAGE_FAILED", retryable: false });
    expect(error.message).toMatch(new RegExp(`^${name} s3://archive/.* answered 403 AccessDenied$`));
  });

  test("without a response fails with a retryable error", async () => {
    s3.onAnyCommand().rejects(networkError());

    expect(await errorOf(work())).toMatchObject({ code: "STORAGE_FAILED", retryable: true });
  });
});

describe("a copy of a version onto its key", () => {
  test.each([409, 412])("says that the key's newest version is another now: %i", async (status) => {
    s3.on(CopyObjectCommand).rejects(s3Error(status));

    expect(await versions.copyOver(version, version)).toBe(false);
  });

  test("names the version with its key encoded, has S3 compute the SHA-256, and replaces only what was seen", async () => {
    s3.on(CopyObjectCommand).resolves({});
    const latest = { ...version, versionId: "v2", etag: '"two"', isLatest: true };

    expect(await versions.copyOver(version, latest)).toBe(true);

    expect(s3).toHaveReceivedCommandExactlyOnceWith(CopyObjectCommand, {
      Bucket: "archive",
      Key: key,
      CopySource: "archive/recordings/account%3D7%252E1/date%3D2026-11-01/1.mp3?versionId=v%2B1",
      MetadataDirective: "COPY",
      ChecksumAlgorithm: "SHA256",
      IfMatch: '"two"',
    });
  });

  test.each([undefined, { ...version, isMarker: true, etag: "" }])(
    "onto a missing object needs that to be missing",
    async (latest) => {
      s3.on(CopyObjectCommand).resolves({});

      await versions.copyOver(version, latest);

      const { IfMatch, IfNoneMatch } = s3.commandCalls(CopyObjectCommand)[0]?.args[0].input ?? {};
      expect([IfMatch, IfNoneMatch]).toEqual([undefined, "*"]);
    },
  );
});

describe("the versions of a bucket", () => {
  test.each([
    ["Enabled", true],
    ["Suspended", false],
    [undefined, false],
  ] as const)("are all kept if its versioning is %s: %s", async (Status, isKept) => {
    s3.on(GetBucketVersioningCommand).resolves(Status ? { Status } : {});

    expect(await versions.isVersioned()).toBe(isKept);
  });

  test("are listed by key, newest first, with the delete markers among them, over all pages", async () => {
    const at = (second: number) => new Date(Date.UTC(2026, 10, 1, 0, 0, second));
    const listed = (Key: string, VersionId: string, second: number, IsLatest = false) => ({
      ...{ Key, VersionId, IsLatest, Size: 1, ETag: `"${VersionId}"`, LastModified: at(second) },
    });
    s3.on(ListObjectVersionsCommand).resolves({
      Versions: [listed("b", "b1", 1)],
      DeleteMarkers: [listed("b", "b2", 2)],
    });
    s3.on(ListObjectVersionsCommand, { KeyMarker: undefined }).resolves({
      ...{ IsTruncated: true, NextKeyMarker: "b", NextVersionIdMarker: "b3" },
      Versions: [listed("a", "a1", 1), listed("a", "a3", 3, true), listed("b", "b3", 3)],
      DeleteMarkers: [listed("a", "a2", 2), listed("b", "b4", 4, true)],
    });

    const all = await collected(versions.list("x/"));

    expect(all.map(({ versionId }) => versionId)).toEqual(["a3", "a2", "a1", "b4", "b3", "b2", "b1"]);
    expect(all.filter(({ isMarker }) => isMarker).map(({ versionId }) => versionId)).toEqual(["a2", "b4", "b2"]);
    expect(s3).toHaveReceivedNthCommandWith(ListObjectVersionsCommand, 2, {
      ...{ Bucket: "archive", Prefix: "x/", KeyMarker: "b", VersionIdMarker: "b3" },
    });
  });

  test.each([
    ["abc=", "abc="],
    ["abc=-3", undefined],
    [undefined, undefined],
  ])("have the SHA-256 that S3 stores of the whole object: of %s it is %s", async (ChecksumSHA256, sha256) => {
    s3.on(HeadObjectCommand, { VersionId: "v+1", ChecksumMode: "ENABLED" }).resolves(
      ChecksumSHA256 ? { ChecksumSHA256 } : {},
    );

    expect(await versions.storedSha256(version)).toBe(sha256);
  });

  test("are read one by one", async () => {
    const chunks = [Buffer.from("a"), Buffer.from("b")];
    s3.on(GetObjectCommand, { VersionId: "v+1" }).resolves({ Body: chunks as never });

    expect(await collected(await versions.read(version))).toEqual(chunks);
  });

  test("are hidden by a delete marker, never deleted", async () => {
    s3.on(DeleteObjectCommand).resolves({ DeleteMarker: true });

    await versions.hide(key);

    expect(s3.commandCalls(DeleteObjectCommand).map(({ args }) => args[0].input)).toEqual([
      { Bucket: "archive", Key: key },
    ]);
  });
});
