import { createHash } from "node:crypto";
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { newKey, refusalOf, type S3UnderTest } from "./s3-under-test.ts";

/** The smallest size that a part but the last may have. */
const big = Buffer.alloc(5 * 1024 * 1024, "part one ");
const small = Buffer.from("the end");

export function describeMultipart(s3: () => S3UnderTest): void {
  const create = async (Key: string, more = {}) => {
    const command = new CreateMultipartUploadCommand({ Bucket: s3().plain, Key, ...more });
    return { Key, UploadId: (await s3().client.send(command)).UploadId };
  };
  type Upload = Awaited<ReturnType<typeof create>>;
  const part = async (upload: Upload, PartNumber: number, Body: Buffer, more = {}): Promise<CompletedPart> => {
    const command = new UploadPartCommand({ Bucket: s3().plain, ...upload, PartNumber, Body, ...more });
    const { $metadata, ...uploaded } = await s3().client.send(command);
    return { PartNumber, ...uploaded };
  };
  const complete = (upload: Upload, Parts: CompletedPart[], more = {}) => {
    const input = { Bucket: s3().plain, ...upload, MultipartUpload: { Parts }, ...more };
    return s3().client.send(new CompleteMultipartUploadCommand(input));
  };
  const head = (Key: string) =>
    s3().client.send(new HeadObjectCommand({ Bucket: s3().plain, Key, ChecksumMode: "ENABLED" }));
  const sha256 = (...bytes: Buffer[]) => createHash("sha256").update(Buffer.concat(bytes)).digest();
  const md5 = (...bytes: Buffer[]) => createHash("md5").update(Buffer.concat(bytes)).digest();

  describe("a multipart upload", () => {
    test("that was aborted takes no part, cannot be completed, and leaves no object", async () => {
      const upload = await create(newKey());
      const only = await part(upload, 1, small);

      await s3().client.send(new AbortMultipartUploadCommand({ Bucket: s3().plain, ...upload }));

      expect(await refusalOf(part(upload, 2, small))).toBe("404 NoSuchUpload");
      expect(await refusalOf(complete(upload, [only]))).toBe("404 NoSuchUpload");
      expect(await refusalOf(head(upload.Key))).toBe("404 NotFound");
    });

    test("refuses a part that does not match its checksum", async () => {
      const upload = await create(newKey());
      const ChecksumSHA256 = sha256(big).toString("base64");

      expect(await refusalOf(part(upload, 1, small, { ChecksumSHA256 }))).toBe("400 BadDigest");
    });

    test("refuses parts out of order", async () => {
      const upload = await create(newKey());
      const [first, second] = [await part(upload, 1, big), await part(upload, 2, big)];

      expect(await refusalOf(complete(upload, [second, first]))).toBe("400 InvalidPartOrder");
    });

    test("refuses a part that is too small unless it is the last", async () => {
      const upload = await create(newKey());
      const [first, second] = [await part(upload, 1, small), await part(upload, 2, small)];

      expect(await refusalOf(complete(upload, [first, second]))).toBe("400 EntityTooSmall");
    });

    test("refuses a part that was never uploaded", async () => {
      const upload = await create(newKey());
      const only = await part(upload, 1, small);

      expect(await refusalOf(complete(upload, [{ ...only, ETag: `"${"0".repeat(32)}"` }]))).toBe("400 InvalidPart");
    });

    test("shows no object before it is completed, then joins its parts and keeps the metadata given at its start", async () => {
      const upload = await create(newKey(), { ContentType: "audio/wav", Metadata: { nonce: "n-1" } });
      const parts = [await part(upload, 2, big), await part(upload, 7, small)];
      expect(await refusalOf(head(upload.Key))).toBe("404 NotFound");

      const completed = await complete(upload, parts);
      const read = await s3().client.send(new GetObjectCommand({ Bucket: s3().plain, Key: upload.Key }));

      expect(completed.ETag).toBe(`"${md5(md5(big), md5(small)).toString("hex")}-2"`);
      expect(read).toMatchObject({ ETag: completed.ETag, ContentType: "audio/wav", Metadata: { nonce: "n-1" } });
      expect(md5(Buffer.from((await read.Body?.transformToByteArray()) ?? []))).toEqual(md5(big, small));
    });

    test("keeps the later of two parts with the same number", async () => {
      const upload = await create(newKey());
      await part(upload, 1, big);
      const later = await part(upload, 1, small);

      await complete(upload, [later]);

      expect(await head(upload.Key)).toMatchObject({ ContentLength: small.length });
    });

    test("with SHA-256 gets a checksum of its parts' checksums", async () => {
      const upload = await create(newKey(), { ChecksumAlgorithm: "SHA256" });
      const options = { ChecksumAlgorithm: "SHA256" };
      const parts = [await part(upload, 1, big, options), await part(upload, 2, small, options)];

      await complete(upload, parts);

      const ChecksumSHA256 = `${sha256(sha256(big), sha256(small)).toString("base64")}-2`;
      expect(await head(upload.Key)).toMatchObject({ ChecksumSHA256, ChecksumType: "COMPOSITE" });
    });

    test("with CRC-64/NVME gets the checksum of the whole object", async () => {
      const options = { ChecksumAlgorithm: "CRC64NVME" };
      const whole = newKey();
      const Body = Buffer.concat([big, small]);
      await s3().client.send(
        new PutObjectCommand({ Bucket: s3().plain, Key: whole, Body, ChecksumAlgorithm: "CRC64NVME" }),
      );
      const upload = await create(newKey(), options);

      await complete(upload, [await part(upload, 1, big, options), await part(upload, 2, small, options)]);

      const { ChecksumCRC64NVME } = await head(whole);
      expect(await head(upload.Key)).toMatchObject({ ChecksumCRC64NVME, ChecksumType: "FULL_OBJECT" });
    });

    test("with If-None-Match * is completed only if the key has no object", async () => {
      const [first, second] = [await create(newKey()), await create(newKey())];
      await s3().client.send(new PutObjectCommand({ Bucket: s3().plain, Key: first.Key, Body: "before" }));
      const condition = { IfNoneMatch: "*" };

      const refusal = await refusalOf(complete(first, [await part(first, 1, small)], condition));

      expect(refusal).toBe("412 PreconditionFailed");
      expect(await head(first.Key)).toMatchObject({ ContentLength: 6 });
      expect(await refusalOf(complete(second, [await part(second, 1, small)], condition))).toBe("accepted");
    });

    test("with If-Match is completed only over the matching object", async () => {
      const upload = await create(newKey());
      const parts = [await part(upload, 1, small)];
      const put = new PutObjectCommand({ Bucket: s3().plain, Key: upload.Key, Body: "before" });
      const { ETag } = await s3().client.send(put);

      expect(await refusalOf(complete(upload, parts, { IfMatch: '"0123"' }))).toBe("412 PreconditionFailed");
      expect(await refusalOf(complete(upload, parts, { IfMatch: ETag }))).toBe("accepted");
    });
  });
}
