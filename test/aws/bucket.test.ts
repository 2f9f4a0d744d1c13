import { Readable } from "node:stream";
import {
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import "aws-sdk-client-mock-vitest/extend";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { type Bucket, createBucket, type ObjectBody, toBody } from "../../shared/aws/bucket.ts";
import { networkError, s3Error } from "../support/aws/sdk-error.ts";
import { errorOf } from "../support/ringcentral/open-client.ts";

const s3 = mockClient(S3Client);
const bucket = createBucket(new S3Client({}), "archive");
const body = toBody("content");
const sha256 = "7XACtDnprIRfIjV9giusFERzD722AW0+yUMil7nsn3M=";

beforeEach(() => {
  s3.reset();
});
afterAll(() => s3.restore());

/** Returns a body that can be opened any number of times, and counts it. */
function streamBody() {
  let opened = 0;
  const stream: ObjectBody = {
    bytes: 7,
    sha256,
    open: () => {
      opened++;
      return Readable.from(["content"]);
    },
  };
  return { stream, opened: () => opened };
}

const writes: readonly [string, (bucket: Bucket, body: ObjectBody) => Promise<unknown>, object][] = [
  ["put", (to, content) => to.put("key", content, "text/plain"), {}],
  ["create", (to, content) => to.create("key", content, "text/plain"), { IfNoneMatch: "*" }],
  ["replace of nothing", (to, content) => to.replace("key", content, "text/plain", undefined), { IfNoneMatch: "*" }],
  ["replace", (to, content) => to.replace("key", content, "text/plain", '"etag"'), { IfMatch: '"etag"' }],
];

describe.each(writes)("a %s", (_name, write, condition) => {
  test("names its SHA-256, its length and its condition", async () => {
    s3.on(PutObjectCommand).resolves({ ETag: '"new"' });

    await write(bucket, body);

    expect(s3).toHaveReceivedCommandExactlyOnceWith(PutObjectCommand, {
      Bucket: "archive",
      Key: "key",
      Body: Buffer.from("content"),
      ContentLength: 7,
      ContentType: "text/plain",
      ChecksumSHA256: sha256,
      ChecksumAlgorithm: "SHA256",
      ...condition,
    });
  });

  test.each([
    [403, false],
    [400, false],
    [404, false],
    [500, true],
    [503, true],
    [429, true],
  ])("that gets the response %i is a STORAGE_FAILED, retryable: %s", async (status, retryable) => {
    if (status === 404 && "IfMatch" in condition) return;
    s3.on(PutObjectCommand).rejects(s3Error(status, "SomeFault"));

    const error = await errorOf(write(bucket, body));

    expect(error).toMatchObject({
      code: "STORAGE_FAILED",
      message: `PutObject s3://archive/key answered ${status} SomeFault`,
      retryable,
      details: { status, name: "SomeFault", requestId: "request-1" },
    });
    expect(JSON.stringify(error)).not.toContain("words that may quote anything");
  });

  test("that gets no response may be retried", async () => {
    s3.on(PutObjectCommand).rejects(networkError());

    expect(await errorOf(write(bucket, body))).toMatchObject({ code: "STORAGE_FAILED", retryable: true });
  });

  test("of a stream opens it again for each attempt after a 5xx or a broken connection", async () => {
    const { stream, opened } = streamBody();
    s3.on(PutObjectCommand).rejectsOnce(s3Error(500)).rejectsOnce(networkError()).resolves({ ETag: '"new"' });

    await write(bucket, stream);

    expect(opened()).toBe(3);
    expect(s3).toHaveReceivedCommandTimes(PutObjectCommand, 3);
  });

  test("of a stream fails after three attempts", async () => {
    const { stream, opened } = streamBody();
    s3.on(PutObjectCommand).rejects(s3Error(503));

    expect(await errorOf(write(bucket, stream))).toMatchObject({ retryable: true });
    expect(opened()).toBe(3);
  });

  test("that collides with another write (409) is sent again", async () => {
    const { stream, opened } = streamBody();
    s3.on(PutObjectCommand).rejectsOnce(s3Error(409)).rejectsOnce(s3Error(409)).resolves({ ETag: '"new"' });

    await write(bucket, stream);

    expect(opened()).toBe(3);
  });

  test("that collides with other writes three times fails with a retryable error", async () => {
    s3.on(PutObjectCommand).rejects(s3Error(409));

    expect(await errorOf(write(bucket, body))).toMatchObject({ retryable: true, details: { status: 409 } });
    expect(s3).toHaveReceivedCommandTimes(PutObjectCommand, 3);
  });
});

describe("an unfulfilled condition", () => {
  test("makes a create return that an object exists", async () => {
    s3.on(PutObjectCommand).rejects(s3Error(412));

    expect(await bucket.create("key", body, "text/plain")).toBeUndefined();
  });

  test.each([
    ["412", s3Error(412)],
    ["404, for it is gone", s3Error(404)],
  ])("makes a replace answered %s return that another write came first", async (_status, error) => {
    s3.on(PutObjectCommand).rejects(error);

    expect(await bucket.replace("key", body, "text/plain", '"etag"')).toBeUndefined();
  });
});

describe("reading", () => {
  test.each([
    ["get", GetObjectCommand, (from: Bucket) => from.get("key")],
    ["head", HeadObjectCommand, (from: Bucket) => from.head("key")],
  ] as const)(
    "by %s returns undefined for a missing object, and any other failure is an error",
    async (_name, command, read) => {
      s3.on(command as typeof GetObjectCommand)
        .rejectsOnce(s3Error(404))
        .rejectsOnce(s3Error(403, "AccessDenied"));

      const absent = await read(bucket);
      const denied = await errorOf(read(bucket));

      expect(absent).toBeUndefined();
      expect(denied).toMatchObject({ code: "STORAGE_FAILED", retryable: false, details: { name: "AccessDenied" } });
    },
  );

  test("by `head` requests and returns the SHA-256 that S3 has stored", async () => {
    s3.on(HeadObjectCommand).resolves({
      ContentLength: 7,
      ContentType: "audio/mpeg",
      ChecksumSHA256: sha256,
      ETag: "e",
    });

    expect(await bucket.head("key")).toEqual({ bytes: 7, etag: "e", contentType: "audio/mpeg", sha256 });
    expect(s3).toHaveReceivedCommandWith(HeadObjectCommand, { ChecksumMode: "ENABLED" });
  });

  test("by `list` returns all pages", async () => {
    s3.on(ListObjectsV2Command)
      .resolvesOnce({ Contents: [{ Key: "a" }, { Key: "b" }], IsTruncated: true, NextContinuationToken: "more" })
      .resolvesOnce({ Contents: [{ Key: "c" }] });

    const keys: string[] = [];
    for await (const { key } of bucket.list("prefix/")) keys.push(key);

    expect(keys).toEqual(["a", "b", "c"]);
    expect(s3).toHaveReceivedNthCommandWith(ListObjectsV2Command, 2, {
      Prefix: "prefix/",
      ContinuationToken: "more",
    });
  });

  test("by `list` without permission is an error, not an empty list", async () => {
    s3.on(ListObjectsV2Command).rejects(s3Error(403, "AccessDenied"));

    const listing = (async () => {
      for await (const _object of bucket.list("prefix/"));
    })();

    expect(await errorOf(listing)).toMatchObject({ code: "STORAGE_FAILED", retryable: false });
  });
});

test("an object stored in parts has no usable SHA-256, because S3 returns a hash of hashes", async () => {
  s3.on(HeadObjectCommand).resolves({ ContentLength: 7, ETag: '"e-2"', ChecksumSHA256: `${sha256}-2` });

  expect((await bucket.head("key"))?.sha256).toBeUndefined();
});

describe("an object is in an archive class, and cannot be read,", () => {
  test.each([
    [{ StorageClass: "GLACIER" }, true],
    [{ StorageClass: "DEEP_ARCHIVE" }, true],
    [{ StorageClass: "INTELLIGENT_TIERING", ArchiveStatus: "ARCHIVE_ACCESS" }, true],
    [{ StorageClass: "GLACIER", Restore: 'ongoing-request="true"' }, true],
    [
      { StorageClass: "GLACIER", Restore: 'ongoing-request="false", expiry-date="Fri, 21 Dec 2026 00:00:00 GMT"' },
      false,
    ],
    [{ StorageClass: "GLACIER_IR" }, false],
    [{ StorageClass: "STANDARD_IA" }, false],
    [{}, false],
  ] as const)("if S3 says %j: %s", async (found, isOffline) => {
    s3.on(HeadObjectCommand).resolves({ ContentLength: 7, ETag: "e", ...found });

    expect((await bucket.head("key"))?.isOffline ?? false).toBe(isOffline);
  });
});

describe("the rules by which S3 deletes objects of a bucket are", () => {
  test("those that are enabled, expire objects, and filter by a prefix alone", async () => {
    const at = new Date("2030-01-01T00:00:00Z");
    s3.on(GetBucketLifecycleConfigurationCommand).resolves({
      Rules: [
        { Status: "Enabled", Filter: { Prefix: "recordings/" }, Expiration: { Days: 3_650 } },
        { Status: "Enabled", Filter: { Prefix: "calls/" }, Expiration: { Date: at } },
        { Status: "Enabled", Filter: { And: { Prefix: "tagged/", Tags: [] } }, Expiration: { Days: 1 } },
        { Status: "Enabled", Filter: { Tag: { Key: "temporary", Value: "yes" } }, Expiration: { Days: 1 } },
        { Status: "Enabled", Filter: { ObjectSizeLessThan: 1 }, Expiration: { Days: 1 } },
        { Status: "Enabled", Prefix: "old/", Expiration: { Days: 1 } },
        { Status: "Disabled", Filter: { Prefix: "no/" }, Expiration: { Days: 1 } },
        { Status: "Enabled", Filter: { Prefix: "versions/" }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } },
        { Status: "Enabled", Expiration: { Days: 7 } },
      ],
    });

    expect(await bucket.expirations()).toEqual([
      { prefix: "recordings/", when: { days: 3_650 } },
      { prefix: "calls/", when: { at } },
      { prefix: "old/", when: { days: 1 } },
      { prefix: "", when: { days: 7 } },
    ]);
  });

  test.each([404, 403])("none if S3 answers %i", async (status) => {
    s3.on(GetBucketLifecycleConfigurationCommand).rejects(s3Error(status));

    expect(await bucket.expirations()).toEqual([]);
  });

  test("unknown during an outage", async () => {
    s3.on(GetBucketLifecycleConfigurationCommand).rejects(s3Error(503));

    await expect(bucket.expirations()).rejects.toMatchObject({ code: "STORAGE_FAILED", retryable: true });
  });
});
