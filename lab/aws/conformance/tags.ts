import {
  DeleteObjectTaggingCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { newKey, refusalOf, type S3UnderTest } from "./s3-under-test.ts";

export function describeTags(s3: () => S3UnderTest): void {
  const put = (Key: string, Tagging?: string) =>
    s3().client.send(new PutObjectCommand({ Bucket: s3().plain, Key, Body: "x", Tagging }));
  const tagsOf = async (Key: string) =>
    (await s3().client.send(new GetObjectTaggingCommand({ Bucket: s3().plain, Key }))).TagSet;
  const setTags = (Key: string, TagSet: { Key: string; Value: string }[]) =>
    s3().client.send(new PutObjectTaggingCommand({ Bucket: s3().plain, Key, Tagging: { TagSet } }));

  describe("tags", () => {
    test("of an object that does not exist cannot be set", async () => {
      expect(await refusalOf(setTags(newKey(), []))).toBe("404 NoSuchKey");
    });

    test("come with a put, and are counted by HEAD's headers", async () => {
      const key = newKey();

      await put(key, "state=kept&reason=legal%20hold");

      expect(await tagsOf(key)).toEqual(
        expect.arrayContaining([
          { Key: "state", Value: "kept" },
          { Key: "reason", Value: "legal hold" },
        ]),
      );
      expect((await s3().client.send(new HeadObjectCommand({ Bucket: s3().plain, Key: key }))).TagCount).toBe(2);
    });

    test("are replaced as a whole, and deleted", async () => {
      const key = newKey();
      await put(key, "a=1&b=2");

      await setTags(key, [{ Key: "c", Value: "kept: 3/4 + more" }]);
      expect(await tagsOf(key)).toEqual([{ Key: "c", Value: "kept: 3/4 + more" }]);

      await s3().client.send(new DeleteObjectTaggingCommand({ Bucket: s3().plain, Key: key }));
      expect(await tagsOf(key)).toEqual([]);
    });

    test("are at most ten", async () => {
      const key = newKey();
      await put(key);
      const tags = Array.from({ length: 11 }, (_, index) => ({ Key: `tag${index}`, Value: "x" }));

      expect(await refusalOf(setTags(key, tags))).toMatch(/^400 /);
    });
  });
}
