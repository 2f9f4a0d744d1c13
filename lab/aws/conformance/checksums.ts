import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { type ChecksumAlgorithm, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { newKey, refusalOf, type S3UnderTest } from "./s3-under-test.ts";

/** Of the bytes `123456789`, from the CRC catalogue and the hash functions' own definitions. */
const known = {
  CRC32: Buffer.from("cbf43926", "hex"),
  CRC32C: Buffer.from("e3069283", "hex"),
  CRC64NVME: Buffer.from("ae8b14860a799888", "hex"),
  SHA1: createHash("sha1").update("123456789").digest(),
  SHA256: createHash("sha256").update("123456789").digest(),
} satisfies Partial<Record<ChecksumAlgorithm, Buffer>>;

const sha256 = (text: string) => createHash("sha256").update(text).digest("base64");

export function describeChecksums(s3: () => S3UnderTest): void {
  const put = (Key: string, more: object) =>
    s3().client.send(new PutObjectCommand({ Bucket: s3().plain, Key, Body: "123456789", ...more }));
  const head = (Key: string, more = {}) =>
    s3().client.send(new HeadObjectCommand({ Bucket: s3().plain, Key, ...more }));

  describe("a checksum", () => {
    test.each([
      ["SHA-256", { ChecksumSHA256: sha256("other") }],
      ["CRC-32", { ChecksumCRC32: Buffer.alloc(4).toString("base64") }],
      ["CRC-64/NVME", { ChecksumCRC64NVME: Buffer.alloc(8).toString("base64") }],
      ["MD5", { ContentMD5: createHash("md5").update("other").digest("base64") }],
    ])("that does not match the body, %s, is refused with BadDigest, and nothing is stored", async (_name, invalid) => {
      const key = newKey();

      expect(await refusalOf(put(key, invalid))).toBe("400 BadDigest");
      expect(await refusalOf(head(key))).toBe("404 NotFound");
    });

    test("in an invalid form is refused", async () => {
      expect(await refusalOf(put(newKey(), { ChecksumSHA256: "nonsense" }))).toBe("400 InvalidRequest");
    });

    test("of SHA-256 is kept with the object and returned only on request", async () => {
      const key = newKey();
      const ChecksumSHA256 = sha256("123456789");

      const stored = await put(key, { ChecksumSHA256 });

      expect(stored).toMatchObject({ ChecksumSHA256, ChecksumType: "FULL_OBJECT" });
      expect(await head(key, { ChecksumMode: "ENABLED" })).toMatchObject({
        ChecksumSHA256,
        ChecksumType: "FULL_OBJECT",
      });
      expect((await head(key)).ChecksumSHA256).toBeUndefined();
    });

    test.each(Object.entries(known))("of %s follows a streamed body and is kept", async (algorithm, digest) => {
      const key = newKey();
      const Body = Readable.from([Buffer.from("123456789")]);

      await put(key, { Body, ContentLength: 9, ChecksumAlgorithm: algorithm });

      const kept = await head(key, { ChecksumMode: "ENABLED" });
      expect(kept).toMatchObject({ [`Checksum${algorithm}`]: digest.toString("base64"), ContentLength: 9 });
    });

    test("is made by S3, CRC-64/NVME, when the caller sends none", async () => {
      const key = newKey();
      const client = s3().clientWith({ requestChecksumCalculation: "WHEN_REQUIRED" });
      await client.send(new PutObjectCommand({ Bucket: s3().plain, Key: key, Body: "123456789" }));

      const kept = await head(key, { ChecksumMode: "ENABLED" });

      expect(kept.ChecksumCRC64NVME).toBe(known.CRC64NVME.toString("base64"));
    });

    test("lets the SDK verify what it reads", async () => {
      const key = newKey();
      await put(key, { ChecksumSHA256: sha256("123456789") });

      const command = new GetObjectCommand({ Bucket: s3().plain, Key: key, ChecksumMode: "ENABLED" });
      const read = await s3().client.send(command);

      expect(await read.Body?.transformToString()).toBe("123456789");
      expect(read.ChecksumSHA256).toBe(sha256("123456789"));
    });

    test("of MD5 that matches the body is accepted", async () => {
      const ContentMD5 = createHash("md5").update("123456789").digest("base64");

      expect(await refusalOf(put(newKey(), { ContentMD5 }))).toBe("accepted");
    });
  });
}
