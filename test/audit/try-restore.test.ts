import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { S3Client } from "@aws-sdk/client-s3";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDirectS3 } from "../../lab/aws/direct-clients.ts";
import { type AwsLab, openAws, startAws } from "../../lab/aws/server.ts";
import { createBucket, toBody } from "../../shared/aws/bucket.ts";
import { lab, unsignedSdk } from "../support/audit/archive-lab.ts";
import { tryRestore } from "../support/audit/try-restore.ts";

const buckets = {
  sealed: { versioned: true, kms: true },
  filled: { versioned: true },
  plain: {},
};

/** Runs the script's work over the lab's S3, as over any other. No time passes by itself: a fast machine needs none. */
async function tryInProcess(bucket: string, only = "") {
  let now = Date.parse("2026-11-01T03:30:00Z");
  const secondPasses = async () => {
    now += 1_000;
  };
  const aws = await openAws({ buckets, clock: { now: () => now, advance: () => {}, offsetMs: () => 0 } });
  const objects = createDirectS3(aws.unsignedHandler);
  await createBucket(objects, "filled").put("ours", toBody("x"), "text/plain");
  const client = new S3Client(unsignedSdk(aws.unsignedHandler));
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const status = await tryRestore(["--bucket", bucket, "--only", only], { client, objects, print, secondPasses });
  return { status, lines, keys: await keysIn(aws, bucket) };
}

async function keysIn(aws: AwsLab, bucket: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of aws.objects(bucket)) keys.push(key);
  return keys;
}

/** What is removed, in each part of the archive, and the order in which newest entries are forged and removed. Each case is healed by itself in restore-*.test.ts. */
const tried = process.env.EVERY_CELL
  ? [{ only: "", atLeast: 50 }]
  : [
      { only: "newest", atLeast: 3 },
      { only: "removed", atLeast: 12 },
    ];

describe("npm run try-restore", () => {
  test.each(tried)(
    "heals every case named '$only' in a bucket that KMS encrypts, prints one line each, and empties it",
    async ({ only, atLeast }) => {
      const { status, lines, keys } = await tryInProcess("sealed", only);

      expect(lines.filter((line) => !line.startsWith("healed  "))).toEqual([]);
      expect(lines.length).toBeGreaterThanOrEqual(atLeast);
      expect([status, keys]).toEqual([0, []]);
    },
  );

  test.each([
    ["plain", "plain does not keep versions. Enable its versioning."],
    ["filled", "filled is not empty. Name an empty bucket."],
  ])("refuses the bucket %s, and changes nothing: %s", async (bucket, message) => {
    const { status, lines, keys } = await tryInProcess(bucket);

    expect(lines).toEqual([message]);
    expect([status, keys]).toEqual([2, bucket === "filled" ? ["ours"] : []]);
  });

  test("tries only the cases whose name contains --only, with the login of its environment", async () => {
    const aws = await startAws({ buckets });
    onTestFinished(aws.stop);
    const { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } = lab.credentials;
    const login = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION: lab.region, AWS_ENDPOINT_URL_S3: aws.url };
    const script = join(import.meta.dirname, "try-restore.ts");
    const child = spawn(process.execPath, [script, "--bucket", "sealed", "--only", "two manifests swapped"], {
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...login },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);

    expect(err).toBe("");
    expect(out.trimEnd().split("\n")).toEqual([
      "healed  two manifests swapped",
      "healed  analytics: two manifests swapped",
    ]);
    expect([child.exitCode, await keysIn(aws, "sealed")]).toEqual([0, []]);
  });
});
