import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { newKey, refusalOf, type S3UnderTest } from "./s3-under-test.ts";

export function describeObjects(s3: () => S3UnderTest): void {
  const put = (Key: string, Body: string, more = {}) =>
    s3().client.send(new PutObjectCommand({ Bucket: s3().plain, Key, Body, ...more }));
  const get = (Key: string) => s3().client.send(new GetObjectCommand({ Bucket: s3().plain, Key }));
  const head = (Key: string) => s3().client.send(new HeadObjectCommand({ Bucket: s3().plain, Key }));

  describe("an object", () => {
    test("that does not exist is answered NoSuchKey to GET", async () => {
      expect(await refusalOf(get(newKey()))).toBe("404 NoSuchKey");
    });

    test("that does not exist is answered 404 without a body to HEAD", async () => {
      expect(await refusalOf(head(newKey()))).toBe("404 NotFound");
    });

    test("cannot be put into a bucket that does not exist", async () => {
      const command = new PutObjectCommand({ Bucket: `${s3().plain}-not`, Key: "a", Body: "a" });

      expect(await refusalOf(s3().client.send(command))).toBe("404 NoSuchBucket");
    });

    test("is returned as it was put, with the MD5 of its bytes as ETag", async () => {
      const key = newKey();

      const stored = await put(key, "good night");
      const read = await get(key);

      expect(await read.Body?.transformToString()).toBe("good night");
      expect(stored.ETag).toBe(`"${createHash("md5").update("good night").digest("hex")}"`);
      expect(read).toMatchObject({ ETag: stored.ETag, ContentLength: 10 });
      expect(read.LastModified?.getMilliseconds()).toBe(0);
    });

    test("may be empty", async () => {
      const key = newKey();

      await put(key, "");

      expect(await (await get(key)).Body?.transformToString()).toBe("");
      expect((await head(key)).ContentLength).toBe(0);
    });

    test("is replaced by a later put", async () => {
      const key = newKey();

      await put(key, "first");
      await put(key, "second");

      expect(await (await get(key)).Body?.transformToString()).toBe("second");
    });

    test.each([
      "with space + plus",
      "äöü/日本語/😀",
      "a&b=c;d@e,f:g$h",
      "per%20cent/100%",
      "(parentheses)!*'~",
      'quotes"and<angles>',
      "question?and#hash",
      "trailing/",
      "double//slash",
    ])("may have the key %s", async (name) => {
      const key = newKey(name);

      await put(key, name);

      expect(await (await get(key)).Body?.transformToString()).toBe(name);
    });

    test("keeps content type, encoding, cache control and user metadata", async () => {
      const key = newKey();
      const attributes = {
        ContentType: "audio/mpeg",
        ContentEncoding: "gzip",
        CacheControl: "no-store",
        ContentDisposition: "attachment",
        Metadata: { nonce: "n-1", other: "two words" },
      };

      await put(key, "x", attributes);

      expect(await head(key)).toMatchObject(attributes);
      expect(await get(key)).toMatchObject(attributes);
    });

    test("put from a stream of known length arrives unchanged", async () => {
      const key = newKey();
      const bytes = Buffer.alloc(700_001, "stream ");
      const body = Readable.from([bytes.subarray(0, 300_000), bytes.subarray(300_000)]);
      const command = {
        Bucket: s3().plain,
        Key: key,
        Body: body,
        ContentLength: bytes.length,
        ContentEncoding: "gzip",
      };

      const stored = await s3().client.send(new PutObjectCommand(command));

      expect(stored.ETag).toBe(`"${createHash("md5").update(bytes).digest("hex")}"`);
      expect((await head(key)).ContentEncoding).toBe("gzip");
    });

    test("is returned with its server-side encryption", async () => {
      const key = newKey();

      const stored = await put(key, "x", { ServerSideEncryption: "AES256" });

      expect(stored.ServerSideEncryption).toBe("AES256");
      expect((await head(key)).ServerSideEncryption).toBe("AES256");
    });

    test("is gone after a delete, and a delete of a missing object succeeds", async () => {
      const key = newKey();
      await put(key, "x");

      await s3().client.send(new DeleteObjectCommand({ Bucket: s3().plain, Key: key }));
      await s3().client.send(new DeleteObjectCommand({ Bucket: s3().plain, Key: key }));

      expect(await refusalOf(get(key))).toBe("404 NoSuchKey");
    });

    test("is gone after a batch delete, which lists what it deleted unless it is quiet", async () => {
      const [first, second] = [newKey(), newKey("a & b")];
      await Promise.all([put(first, "1"), put(second, "2")]);
      const remove = (Key: string, Quiet: boolean) =>
        s3().client.send(new DeleteObjectsCommand({ Bucket: s3().plain, Delete: { Objects: [{ Key }], Quiet } }));

      const loud = await remove(second, false);
      const quiet = await remove(first, true);

      expect(loud.Deleted?.map(({ Key }) => Key)).toEqual([second]);
      expect(quiet.Deleted ?? []).toEqual([]);
      expect(await Promise.all([first, second].map((key) => refusalOf(get(key))))).toEqual(
        Array(2).fill("404 NoSuchKey"),
      );
    });
  });
}
