import { createHash } from "node:crypto";
import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { newKey, refusalOf, type S3UnderTest } from "./s3-under-test.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("base64");

export function describeCopies(s3: () => S3UnderTest): void {
  const put = (Key: string, Body: string) =>
    s3().client.send(
      new PutObjectCommand({
        ...{ Bucket: s3().versioned, Key, Body, ChecksumSHA256: sha256(Body) },
        ...{ ContentType: "text/csv", Metadata: { from: "source" } },
      }),
    );
  const copy = (source: string, versionId: string, Key: string, more: Partial<CopyObjectCommandInput> = {}) => {
    const path = [s3().versioned, ...source.split("/")].map(encodeURIComponent).join("/");
    const CopySource = versionId ? `${path}?versionId=${versionId}` : path;
    return s3().client.send(new CopyObjectCommand({ Bucket: s3().versioned, Key, CopySource, ...more }));
  };
  const head = (Key: string) =>
    s3().client.send(new HeadObjectCommand({ Bucket: s3().versioned, Key, ChecksumMode: "ENABLED" }));

  describe("a copy", () => {
    test("of an earlier version onto its own key has its bytes, type and metadata, and a version id of its own", async () => {
      const key = newKey("account=7/date=2026-11-01/a%2Eb c+d.mp3");
      const { VersionId = "", ETag } = await put(key, "earlier");
      await put(key, "later");

      const copied = await copy(key, VersionId, key, { ChecksumAlgorithm: "SHA256" });
      const stored = await head(key);

      expect(copied).toMatchObject({ CopySourceVersionId: VersionId, VersionId: expect.any(String) });
      expect(copied.VersionId).not.toBe(VersionId);
      expect(copied.CopyObjectResult).toMatchObject({ ETag, ChecksumSHA256: sha256("earlier") });
      expect(stored).toMatchObject({ ETag, ContentType: "text/csv", Metadata: { from: "source" } });
      expect(stored.ChecksumSHA256).toBe(sha256("earlier"));
    });

    test("shows a deleted object again", async () => {
      const key = newKey();
      const { VersionId = "" } = await put(key, "first");
      await s3().client.send(new DeleteObjectCommand({ Bucket: s3().versioned, Key: key }));

      await copy(key, VersionId, key);

      expect((await head(key)).ContentLength).toBe(5);
    });

    test("has the checksum that it asks for, although its source has none of that kind", async () => {
      const key = newKey();
      const plain = { Bucket: s3().versioned, Key: key, Body: "plain", ChecksumAlgorithm: "CRC32" } as const;
      const { VersionId = "" } = await s3().client.send(new PutObjectCommand(plain));

      await copy(key, VersionId, key, { ChecksumAlgorithm: "SHA256" });

      expect((await head(key)).ChecksumSHA256).toBe(sha256("plain"));
    });

    test("of an object or a version that does not exist is refused", async () => {
      const key = newKey();
      const { VersionId = "" } = await put(key, "x");
      await s3().client.send(new DeleteObjectCommand({ Bucket: s3().versioned, Key: key, VersionId }));

      expect(await refusalOf(copy(newKey(), "", newKey()))).toBe("404 NoSuchKey");
      expect(await refusalOf(copy(key, VersionId, newKey()))).toMatch(/^404 NoSuch(Version|Key)$/);
    });

    test("replaces only the object whose ETag it names, and only a missing one if it says so", async () => {
      const key = newKey();
      const { VersionId = "", ETag } = await put(key, "first");
      await put(key, "second");

      expect(await refusalOf(copy(key, VersionId, key, { IfMatch: ETag }))).toBe("412 PreconditionFailed");
      expect(await refusalOf(copy(key, VersionId, key, { IfNoneMatch: "*" }))).toBe("412 PreconditionFailed");
    });
  });
}
