import {
  DeleteBucketCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { newKey, refusalOf, type S3UnderTest } from "./s3-under-test.ts";

export function describeBuckets(s3: () => S3UnderTest): void {
  describe("a bucket", () => {
    test("that does not exist is a 404 to HEAD", async () => {
      const command = new HeadBucketCommand({ Bucket: `${s3().plain}-not` });

      expect(await refusalOf(s3().client.send(command))).toBe("404 NotFound");
    });

    test("that exists answers HEAD", async () => {
      const { $metadata } = await s3().client.send(new HeadBucketCommand({ Bucket: s3().plain }));

      expect($metadata.httpStatusCode).toBe(200);
    });

    test("cannot be deleted while it holds an object", async () => {
      await s3().client.send(new PutObjectCommand({ Bucket: s3().plain, Key: newKey(), Body: "x" }));

      const refusal = await refusalOf(s3().client.send(new DeleteBucketCommand({ Bucket: s3().plain })));

      expect(refusal).toBe("409 BucketNotEmpty");
    });

    test("says whether it is versioned", async () => {
      const statusOf = async (Bucket: string) =>
        (await s3().client.send(new GetBucketVersioningCommand({ Bucket }))).Status;

      expect(await statusOf(s3().plain)).toBeUndefined();
      expect(await statusOf(s3().versioned)).toBe("Enabled");
    });

    test("returns the lifecycle rules that were put", async () => {
      const Rules = [{ ID: "old", Status: "Enabled" as const, Filter: { Prefix: "old/" }, Expiration: { Days: 3650 } }];
      const Bucket = s3().plain;
      const none = await refusalOf(s3().client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })));

      const command = new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } });
      await s3().client.send(command);

      expect(none).toBe("404 NoSuchLifecycleConfiguration");
      expect((await s3().client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toMatchObject(
        Rules,
      );
    });

    test("is closed to a request signed with the wrong secret", async () => {
      const { accessKeyId } = await s3().client.config.credentials();
      const credentials = { accessKeyId, secretAccessKey: "wrong" };
      const client = s3().clientWith({ credentials, maxAttempts: 1 });
      const command = new PutObjectCommand({ Bucket: s3().plain, Key: newKey(), Body: "x" });

      expect(await refusalOf(client.send(command))).toBe("403 SignatureDoesNotMatch");
    });
  });
}
