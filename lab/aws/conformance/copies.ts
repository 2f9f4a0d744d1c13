import { CopyObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { newKey, refusalOf, type S3UnderTest } from "./s3-under-test.ts";

export function describeCopies(s3: () => S3UnderTest): void {
  const put = (Key: string, Body: string, Bucket = s3().plain) =>
    s3().client.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body,
        ContentType: "text/csv",
        Metadata: { from: "source" },
        Tagging: "a=1",
      }),
    );
  const copy = (source: string, Key: string, more = {}) =>
    s3().client.send(
      new CopyObjectCommand({ Bucket: s3().plain, CopySource: encodeURIComponent(source), Key, ...more }),
    );
  const get = (Key: string) => s3().client.send(new GetObjectCommand({ Bucket: s3().plain, Key }));

  describe("a copy", () => {
    test("of an object that does not exist is refused", async () => {
      expect(await refusalOf(copy(`${s3().plain}/${newKey()}`, newKey()))).toBe("404 NoSuchKey");
    });

    test("onto itself without a change is refused", async () => {
      const key = newKey();
      await put(key, "x");

      expect(await refusalOf(copy(`${s3().plain}/${key}`, key))).toBe("400 InvalidRequest");
    });

    test("has the bytes, the type, the metadata and the tags of its source", async () => {
      const [source, target] = [newKey("søurce + one"), newKey()];
      const { ETag } = await put(source, "copied");

      const { CopyObjectResult } = await copy(`${s3().plain}/${source}`, target);
      const read = await get(target);

      expect(CopyObjectResult?.ETag).toBe(ETag);
      expect(await read.Body?.transformToString()).toBe("copied");
      expect(read).toMatchObject({ ETag, ContentType: "text/csv", Metadata: { from: "source" }, TagCount: 1 });
    });

    test("may be given other metadata", async () => {
      const key = newKey();
      await put(key, "x");
      const other = { MetadataDirective: "REPLACE", ContentType: "text/plain", Metadata: { from: "copy" } };

      await copy(`${s3().plain}/${key}`, key, other);

      expect(await get(key)).toMatchObject({ ContentType: "text/plain", Metadata: { from: "copy" } });
    });

    test("is made only if its source's condition holds", async () => {
      const source = newKey();
      await put(source, "x");

      const refusal = await refusalOf(copy(`${s3().plain}/${source}`, newKey(), { CopySourceIfMatch: '"0123"' }));

      expect(refusal).toBe("412 PreconditionFailed");
    });

    test("may be of an earlier version", async () => {
      const [source, target] = [newKey(), newKey()];
      const { VersionId } = await put(source, "earlier", s3().versioned);
      await put(source, "later", s3().versioned);

      const CopySource = `${s3().versioned}/${source}?versionId=${VersionId}`;
      await s3().client.send(new CopyObjectCommand({ Bucket: s3().plain, CopySource, Key: target }));

      expect(await (await get(target)).Body?.transformToString()).toBe("earlier");
    });
  });
}
