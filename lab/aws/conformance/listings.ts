import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { beforeAll, describe, expect, test } from "vitest";
import { newKey, type S3UnderTest } from "./s3-under-test.ts";

/** In UTF-8 binary order, which differs from the order of UTF-16 units for the last two. */
const names = ["a/1", "a/2", "a/b/3", "b", "c/4", "z & <z>", "ä", "～", "😀"];

export function describeListings(s3: () => S3UnderTest): void {
  const root = newKey("");
  const list = (more: Partial<ListObjectsV2CommandInput>) =>
    s3().client.send(new ListObjectsV2Command({ Bucket: s3().plain, Prefix: root, ...more }));
  const short = (name: string | undefined) => name?.slice(root.length);

  beforeAll(async () => {
    const put = (name: string) => new PutObjectCommand({ Bucket: s3().plain, Key: root + name, Body: name });
    for (const name of names.toReversed()) await s3().client.send(put(name));
  });

  describe("a listing", () => {
    test("of a prefix without objects is empty", async () => {
      const listed = await list({ Prefix: newKey() });

      expect(listed).toMatchObject({ KeyCount: 0, IsTruncated: false });
      expect(listed.Contents ?? []).toEqual([]);
    });

    test("is in UTF-8 binary order, with size, ETag and time of each object", async () => {
      const listed = await list({});

      expect(listed.Contents?.map(({ Key }) => short(Key))).toEqual(names);
      expect(listed).toMatchObject({ KeyCount: names.length, IsTruncated: false });
      expect(listed.Contents?.[0]).toMatchObject({ Size: 3, ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/) });
      expect(listed.Contents?.[0]?.LastModified).toBeInstanceOf(Date);
    });

    test("with a delimiter groups deeper keys", async () => {
      const listed = await list({ Delimiter: "/" });

      expect(listed.CommonPrefixes?.map(({ Prefix }) => short(Prefix))).toEqual(["a/", "c/"]);
      expect(listed.Contents?.map(({ Key }) => short(Key))).toEqual(["b", "z & <z>", "ä", "～", "😀"]);
      expect(listed.KeyCount).toBe(7);
    });

    test.each([undefined, "/"])(
      "read page by page, with the delimiter %s, returns everything once",
      async (Delimiter) => {
        const whole = await list({ Delimiter });
        const input = { Bucket: s3().plain, Prefix: root, Delimiter };
        const pages: ListObjectsV2CommandOutput[] = [];
        for await (const page of paginateListObjectsV2({ client: s3().client, pageSize: 2 }, input)) pages.push(page);

        expect(pages.flatMap((page) => page.Contents ?? [])).toEqual(whole.Contents);
        expect(pages.flatMap((page) => page.CommonPrefixes ?? [])).toEqual(whole.CommonPrefixes ?? []);
        expect(pages.slice(0, -1).every((page) => page.KeyCount === 2 && page.IsTruncated)).toBe(true);
      },
    );

    test("starts after the requested key, whether that key exists or not", async () => {
      const firstAfter = async (name: string) =>
        (await list({ StartAfter: root + name })).Contents?.map(({ Key }) => short(Key))[0];

      expect(await firstAfter("a/2")).toBe("a/b/3");
      expect(await firstAfter("a/20")).toBe("a/b/3");
    });

    test("with encoding-type url encodes its keys for XML 1.0", async () => {
      const listed = await list({ EncodingType: "url", Prefix: `${root}z` });

      expect(listed.EncodingType).toBe("url");
      expect(decodeURIComponent(listed.Contents?.[0]?.Key?.replaceAll("+", " ") ?? "")).toBe(`${root}z & <z>`);
      expect(listed.Contents?.[0]?.Key).toMatch(/%26.*%3C/);
    });

    test("does not show an object under a delete marker", async () => {
      const [key, Bucket] = [newKey(), s3().versioned];
      await s3().client.send(new PutObjectCommand({ Bucket, Key: key, Body: "x" }));

      await s3().client.send(new DeleteObjectCommand({ Bucket, Key: key }));

      expect((await list({ Bucket, Prefix: key })).KeyCount).toBe(0);
    });
  });
}
