import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, onTestFinished, test } from "vitest";
import { startAws } from "../../lab/aws/server.ts";

/** Runs the script over the lab's S3, as over any other. */
async function tryRestore(bucket: string) {
  const aws = await startAws({
    buckets: {
      scratch: { versioned: true },
      sealed: { versioned: true, kms: true },
      filled: { versioned: true },
      plain: {},
    },
  });
  onTestFinished(aws.stop);
  const login = { accessKeyId: "lab", secretAccessKey: "lab" };
  const client = new S3Client({ endpoint: aws.url, region: "us-east-1", credentials: login });
  await client.send(new PutObjectCommand({ Bucket: "filled", Key: "ours", Body: "x" }));
  client.destroy();
  const credentials = { AWS_ACCESS_KEY_ID: "lab", AWS_SECRET_ACCESS_KEY: "lab", AWS_REGION: "us-east-1" };
  const child = spawn(process.execPath, [join(import.meta.dirname, "try-restore.ts"), "--bucket", bucket], {
    env: { PATH: process.env.PATH, AWS_ENDPOINT_URL_S3: aws.url, ...credentials },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  const keys: string[] = [];
  for await (const { key } of aws.objects(bucket)) keys.push(key);
  return { status: child.exitCode, lines: out.trimEnd().split("\n"), err, keys };
}

describe("npm run try-restore", () => {
  test.each(["scratch", "sealed"])(
    "heals every case in the bucket %s, prints one line each, and empties it",
    async (bucket) => {
      const { status, lines, err, keys } = await tryRestore(bucket);

      expect(err).toBe("");
      expect(lines.length).toBeGreaterThan(50);
      expect(lines.filter((line) => !line.startsWith("healed  "))).toEqual([]);
      expect([status, keys]).toEqual([0, []]);
    },
  );

  test.each([
    ["plain", "plain does not keep versions. Enable its versioning."],
    ["filled", "filled is not empty. Name an empty bucket."],
  ])("refuses the bucket %s, and changes nothing: %s", async (bucket, message) => {
    const { status, lines, keys } = await tryRestore(bucket);

    expect(lines).toEqual([message]);
    expect([status, keys]).toEqual([2, bucket === "filled" ? ["ours"] : []]);
  });
});
