import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, test } from "vitest";
import { newKey, refusalOf, type S3UnderTest } from "./s3-under-test.ts";

const past = new Date("2001-01-01T00:00:00Z");

export function describeConditionalReads(s3: () => S3UnderTest): void {
  const key = newKey();
  let etag: string | undefined;
  let modified: Date | undefined;
  const get = (more: object) => s3().client.send(new GetObjectCommand({ Bucket: s3().plain, Key: key, ...more }));
  const head = (more: object) => s3().client.send(new HeadObjectCommand({ Bucket: s3().plain, Key: key, ...more }));
  const statusOf = async (work: Promise<unknown>) => (await refusalOf(work)).split(" ")[0];

  beforeAll(async () => {
    await s3().client.send(new PutObjectCommand({ Bucket: s3().plain, Key: key, Body: "0123456789" }));
    ({ ETag: etag, LastModified: modified } = await head({}));
  });

  describe("a conditional read", () => {
    test("with If-None-Match of the present ETag is 304, to GET and HEAD", async () => {
      expect(await statusOf(get({ IfNoneMatch: etag }))).toBe("304");
      expect(await statusOf(head({ IfNoneMatch: etag }))).toBe("304");
    });

    test("with If-Match of another ETag is 412, to GET and HEAD", async () => {
      expect(await statusOf(get({ IfMatch: '"0123"' }))).toBe("412");
      expect(await statusOf(head({ IfMatch: '"0123"' }))).toBe("412");
    });

    test("with If-Unmodified-Since an earlier time is 412", async () => {
      expect(await statusOf(get({ IfUnmodifiedSince: past }))).toBe("412");
    });

    test("with If-Modified-Since its own time is 304", async () => {
      expect(await statusOf(get({ IfModifiedSince: modified }))).toBe("304");
    });

    test("with fulfilled conditions gets the object", async () => {
      expect(await statusOf(get({ IfMatch: etag, IfUnmodifiedSince: past }))).toBe("accepted");
      expect(await statusOf(get({ IfNoneMatch: '"0123"', IfModifiedSince: modified }))).toBe("accepted");
    });
  });

  describe("a range", () => {
    test.each([
      ["bytes=2-4", "234", "bytes 2-4/10"],
      ["bytes=7-", "789", "bytes 7-9/10"],
      ["bytes=-2", "89", "bytes 8-9/10"],
      ["bytes=8-99", "89", "bytes 8-9/10"],
    ])("that says %s gets its part of the object", async (Range, text, contentRange) => {
      const read = await get({ Range });

      expect(await read.Body?.transformToString()).toBe(text);
      expect(read).toMatchObject({ ContentRange: contentRange, ContentLength: text.length, ETag: etag });
      expect(read.$metadata.httpStatusCode).toBe(206);
    });

    test("is answered by HEAD with its length alone", async () => {
      expect(await head({ Range: "bytes=2-4" })).toMatchObject({ ContentLength: 3 });
    });

    test("beyond the end is 416", async () => {
      expect(await refusalOf(get({ Range: "bytes=10-" }))).toBe("416 InvalidRange");
    });
  });
}
