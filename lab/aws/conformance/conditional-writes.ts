import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { newKey, refusalOf, type S3UnderTest } from "./s3-under-test.ts";

/** Refusals that the loser of a race gets: 412, or 409 if the winner was still writing. */
const lost = /^(412 PreconditionFailed|409 ConditionalRequestConflict)$/;

export function describeConditionalWrites(s3: () => S3UnderTest): void {
  const put = (Key: string, Body: string, more = {}, Bucket = s3().plain) =>
    s3().client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
  const read = async (Key: string) => {
    const { Body } = await s3().client.send(new GetObjectCommand({ Bucket: s3().plain, Key }));
    return Body?.transformToString();
  };

  describe("a conditional write", () => {
    test("with If-None-Match * leaves an existing object alone", async () => {
      const key = newKey();
      await put(key, "first", { IfNoneMatch: "*" });

      expect(await refusalOf(put(key, "second", { IfNoneMatch: "*" }))).toBe("412 PreconditionFailed");
      expect(await read(key)).toBe("first");
    });

    test("with If-None-Match * has one winner among many at once", async () => {
      const key = newKey();
      const bodies = Array.from({ length: 20 }, (_, index) => `writer ${index}`);

      const outcomes = await Promise.all(bodies.map((body) => refusalOf(put(key, body, { IfNoneMatch: "*" }))));

      const winners = bodies.filter((_, index) => outcomes[index] === "accepted");
      expect(winners).toEqual([await read(key)]);
      expect(outcomes.filter((outcome) => lost.test(outcome))).toHaveLength(19);
    });

    test("with If-Match of another ETag leaves the object alone", async () => {
      const key = newKey();
      await put(key, "first");

      expect(await refusalOf(put(key, "second", { IfMatch: '"0123"' }))).toBe("412 PreconditionFailed");
      expect(await read(key)).toBe("first");
    });

    test("with If-Match does not create an object", async () => {
      const key = newKey();

      expect(await refusalOf(put(key, "first", { IfMatch: '"0123"' }))).toBe("404 NoSuchKey");
      expect(await refusalOf(read(key))).toBe("404 NoSuchKey");
    });

    test("with If-Match of the present ETag replaces the object", async () => {
      const key = newKey();
      const { ETag } = await put(key, "first");

      await put(key, "second", { IfMatch: ETag });

      expect(await read(key)).toBe("second");
    });

    test("with If-Match has one winner among many at once", async () => {
      const key = newKey();
      const { ETag } = await put(key, "before");
      const bodies = Array.from({ length: 20 }, (_, index) => `writer ${index}`);

      const outcomes = await Promise.all(bodies.map((body) => refusalOf(put(key, body, { IfMatch: ETag }))));

      const winners = bodies.filter((_, index) => outcomes[index] === "accepted");
      expect(winners).toEqual([await read(key)]);
      expect(outcomes.filter((outcome) => lost.test(outcome))).toHaveLength(19);
    });

    test.each(["plain", "versioned"] as const)(
      "with If-None-Match * succeeds again after a delete, %s",
      async (kind) => {
        const [key, Bucket] = [newKey(), s3()[kind]];
        await put(key, "first", {}, Bucket);

        await s3().client.send(new DeleteObjectCommand({ Bucket, Key: key }));

        expect(await refusalOf(put(key, "second", { IfNoneMatch: "*" }, Bucket))).toBe("accepted");
      },
    );

    test("with If-Match after a delete marker is refused", async () => {
      const [key, Bucket] = [newKey(), s3().versioned];
      const { ETag } = await put(key, "first", {}, Bucket);

      await s3().client.send(new DeleteObjectCommand({ Bucket, Key: key }));

      expect(await refusalOf(put(key, "second", { IfMatch: ETag }, Bucket))).toBe("404 NoSuchKey");
    });
  });
}
