import { DeleteObjectCommand, DeleteObjectsCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { newKey, refusalOf, type S3UnderTest } from "./s3-under-test.ts";

const buckets = ["plain", "versioned"] as const;
const another = '"0123"';

/** S3 user guide: "How to perform conditional deletes". */
export function describeConditionalDeletes(s3: () => S3UnderTest): void {
  const put = (Bucket: string, Key: string) => s3().client.send(new PutObjectCommand({ Bucket, Key, Body: "present" }));
  const remove = (Bucket: string, Key: string, IfMatch?: string) =>
    refusalOf(s3().client.send(new DeleteObjectCommand({ Bucket, Key, ...(IfMatch && { IfMatch }) })));
  const look = (Bucket: string, Key: string) => refusalOf(s3().client.send(new HeadObjectCommand({ Bucket, Key })));

  describe.each(buckets)("a conditional delete in a %s bucket", (kind) => {
    test("with If-Match of another ETag leaves the object alone", async () => {
      const [bucket, key] = [s3()[kind], newKey()];
      await put(bucket, key);

      expect(await remove(bucket, key, another)).toBe("412 PreconditionFailed");
      expect(await look(bucket, key)).toBe("accepted");
    });

    test("with If-Match is refused if there is no object", async () => {
      const [bucket, key] = [s3()[kind], newKey()];

      expect(await remove(bucket, key, another)).toBe("404 NoSuchKey");
      expect(await remove(bucket, key, "*")).toBe("404 NoSuchKey");
    });

    test("with If-Match of the present ETag, or of any ETag, deletes the object", async () => {
      const [bucket, one, other] = [s3()[kind], newKey(), newKey()];
      const { ETag } = await put(bucket, one);
      await put(bucket, other);

      expect([await remove(bucket, one, ETag), await remove(bucket, other, "*")]).toEqual(["accepted", "accepted"]);
      expect([await look(bucket, one), await look(bucket, other)]).toEqual(["404 NotFound", "404 NotFound"]);
    });

    test("of several objects deletes those whose ETag matches and names the others, even when quiet", async () => {
      const [bucket, matching, changed, missing] = [s3()[kind], newKey(), newKey(), newKey()];
      const { ETag } = await put(bucket, matching);
      await put(bucket, changed);
      const Objects = [
        { Key: matching, ETag },
        { Key: changed, ETag: another },
        { Key: missing, ETag: another },
      ];

      const { Deleted = [], Errors = [] } = await s3().client.send(
        new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
      );

      expect(Deleted).toEqual([]);
      expect(Errors.map(({ Key, Code }) => [Key, Code])).toEqual([
        [changed, "PreconditionFailed"],
        [missing, "NoSuchKey"],
      ]);
      expect([await look(bucket, matching), await look(bucket, changed)]).toEqual(["404 NotFound", "accepted"]);
    });
  });
}
