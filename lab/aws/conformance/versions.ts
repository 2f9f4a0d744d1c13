import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandInput,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { newKey, refusalOf, type S3UnderTest } from "./s3-under-test.ts";

export function describeVersions(s3: () => S3UnderTest): void {
  const put = async (Key: string, Body: string) =>
    (await s3().client.send(new PutObjectCommand({ Bucket: s3().versioned, Key, Body }))).VersionId;
  const remove = (Key: string, VersionId?: string) =>
    s3().client.send(new DeleteObjectCommand({ Bucket: s3().versioned, Key, VersionId }));
  const read = async (Key: string, VersionId?: string) => {
    const { Body } = await s3().client.send(new GetObjectCommand({ Bucket: s3().versioned, Key, VersionId }));
    return Body?.transformToString();
  };
  const list = (Prefix: string, more: Partial<ListObjectVersionsCommandInput> = {}) =>
    s3().client.send(new ListObjectVersionsCommand({ Bucket: s3().versioned, Prefix, ...more }));
  const nextOf = (page: ListObjectVersionsCommandOutput) => ({
    KeyMarker: page.NextKeyMarker,
    VersionIdMarker: page.NextVersionIdMarker,
  });

  describe("a versioned bucket", () => {
    test("keeps an overwritten object under its version id", async () => {
      const key = newKey();

      const first = await put(key, "first");
      const second = await put(key, "second");

      expect(first).not.toBe(second);
      expect(await read(key)).toBe("second");
      expect(await read(key, first)).toBe("first");
    });

    test("keeps a deleted object under a delete marker", async () => {
      const key = newKey();
      const first = await put(key, "first");

      const marker = await remove(key);

      expect(marker).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) });
      expect(await refusalOf(read(key))).toBe("404 NoSuchKey");
      expect(await refusalOf(read(key, marker.VersionId))).toBe("405 MethodNotAllowed");
      expect(await read(key, first)).toBe("first");
    });

    test("shows the object again once its delete marker is deleted", async () => {
      const key = newKey();
      await put(key, "first");
      const marker = await remove(key);

      const removed = await remove(key, marker.VersionId);

      expect(removed).toMatchObject({ DeleteMarker: true, VersionId: marker.VersionId });
      expect(await read(key)).toBe("first");
    });

    test("forgets a version deleted by its id, and shows the one before", async () => {
      const key = newKey();
      await put(key, "first");
      const second = await put(key, "second");

      await remove(key, second);

      expect(await read(key)).toBe("first");
      expect(await refusalOf(read(key, second))).toMatch(/^404 NoSuch(Version|Key)$/);
    });

    test("lists versions and delete markers, newest first", async () => {
      const key = newKey();
      const [first, second] = [await put(key, "first"), await put(key, "second")];
      const marker = await remove(key);

      const listed = await list(key);

      expect(listed.Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
        [second, false],
        [first, false],
      ]);
      expect(listed.DeleteMarkers).toMatchObject([{ Key: key, VersionId: marker.VersionId, IsLatest: true }]);
    });

    test("lists versions page by page, each once", async () => {
      const root = newKey("");
      const put3 = async (key: string) => [await put(key, "1"), await put(key, "2"), await put(key, "3")].toReversed();
      const expected = [...(await put3(`${root}a`)), ...(await put3(`${root}b`))];

      const first = await list(root, { MaxKeys: 2 });
      const second = await list(root, { MaxKeys: 2, ...nextOf(first) });
      const third = await list(root, { MaxKeys: 2, ...nextOf(second) });

      const listed = [first, second, third].flatMap((page) => page.Versions?.map(({ VersionId }) => VersionId));
      expect(listed).toEqual(expected);
      expect([first, second, third].map((page) => page.IsTruncated)).toEqual([true, true, false]);
    });
  });

  describe("a bucket that was never versioned", () => {
    test("returns no version id, and keeps one version called null", async () => {
      const [Bucket, Key] = [s3().plain, newKey()];
      for (const Body of ["first", "second"]) {
        const stored = await s3().client.send(new PutObjectCommand({ Bucket, Key, Body }));
        expect(stored.VersionId).toBeUndefined();
      }

      const listed = await s3().client.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));

      expect(listed.Versions?.map(({ VersionId }) => VersionId)).toEqual(["null"]);
    });
  });
}
