import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { enterFolderLab, newFolder, s3Client } from "./trial/lab-under-test.ts";

const put = (client: S3Client, Key: string, Body: string, more = {}) =>
  client.send(new PutObjectCommand({ Bucket: "archive", Key, Body, ...more }));

async function readObject(client: S3Client, Key: string, VersionId?: string): Promise<string | undefined> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: "archive", Key, VersionId }));
  return Body?.transformToString();
}

describe("the folder", () => {
  test.each([
    "../outside",
    "../../outside",
    "a/../../../outside",
    "/etc/outside",
    "..",
    ".",
    "a//b",
    "a/",
    "a/./b",
    "../.lab/archive/bucket.json",
    `long/${"x".repeat(300)}`,
    "nul\0byte",
  ])("keeps an object whose key is no valid path, %j, without a file of that name", async (key) => {
    const around = await newFolder();
    const dir = join(around, "deep", "archive-root");
    const aws = await enterFolderLab({ dir });
    const client = s3Client(aws);

    await put(client, key, "safe");

    expect(await readObject(client, key)).toBe("safe");
    expect(await readdir(join(dir, "archive"))).toEqual([]);
    expect([await readdir(around), await readdir(dirname(dir))]).toEqual([["deep"], ["archive-root"]]);
    expect(existsSync("/etc/outside")).toBe(false);
  });

  test("keeps two objects if one is named like the other's folder", async () => {
    const aws = await enterFolderLab();
    const client = s3Client(aws);

    await put(client, "a", "file first");
    await put(client, "a/b", "under it");
    await put(client, "c/d", "folder first");
    await put(client, "c", "over it");

    expect(await Promise.all(["a", "a/b", "c/d", "c"].map((key) => readObject(client, key)))).toEqual([
      "file first",
      "under it",
      "folder first",
      "over it",
    ]);
    await client.send(new DeleteObjectCommand({ Bucket: "archive", Key: "c" }));
    expect(await readFile(join(aws.dir, "archive", "c", "d"), "utf8")).toBe("folder first");
  });

  test("shows each current object as a file with its bytes, and removes a folder once it is empty", async () => {
    const aws = await enterFolderLab();
    const client = s3Client(aws);
    const key = "calls/account=1/date=2026-11-03/calls.jsonl";
    const shown = join(aws.dir, "archive", key);

    await put(client, key, "first");
    await put(client, key, "second");
    expect(await readFile(shown, "utf8")).toBe("second");

    await client.send(new DeleteObjectCommand({ Bucket: "archive", Key: key }));
    expect(await readdir(join(aws.dir, "archive"))).toEqual([]);
  });

  test("keeps the bytes of a version only as long as the version", async () => {
    const aws = await enterFolderLab();
    const client = s3Client(aws);
    const bytes = () => readdir(join(aws.dir, ".lab", "archive", "bytes"));
    const { VersionId } = await put(client, "a", "first");
    await put(client, "a", "second");
    expect(await bytes()).toHaveLength(2);

    await client.send(new DeleteObjectCommand({ Bucket: "archive", Key: "a", VersionId }));

    expect(await bytes()).toHaveLength(1);
    expect(await readObject(client, "a")).toBe("second");
  });
});

test("a read while the object is overwritten gets one whole object", async () => {
  const client = s3Client(await enterFolderLab({ buckets: { archive: {} } }));
  await put(client, "a", "0".repeat(300_000));

  const writes = Array.from({ length: 9 }, (_, index) => put(client, "a", String(index + 1).repeat(300_000)));
  const reads = Array.from({ length: 30 }, () => readObject(client, "a"));
  const read = await Promise.all(reads);
  await Promise.all(writes);

  expect(read.filter((text) => text?.length !== 300_000 || new Set(text).size !== 1)).toEqual([]);
});

describe("a restart over the same folder", () => {
  test("finds every version with its metadata, and every delete marker", async () => {
    const before = await enterFolderLab();
    const client = s3Client(before);
    const attributes = {
      ContentType: "audio/mpeg",
      Metadata: { nonce: "n-1" },
      ChecksumAlgorithm: "SHA256",
    };
    const first = await put(client, "kept", "first", attributes);
    await put(client, "kept", "second", attributes);
    await put(client, "deleted", "gone");
    await client.send(new DeleteObjectCommand({ Bucket: "archive", Key: "deleted" }));
    const head = (at: S3Client) =>
      at.send(new HeadObjectCommand({ Bucket: "archive", Key: "kept", ChecksumMode: "ENABLED" }));
    const versions = (at: S3Client) => at.send(new ListObjectVersionsCommand({ Bucket: "archive" }));
    const [{ $metadata: _, ...headBefore }, versionsBefore] = [await head(client), await versions(client)];
    await before.stop();

    const again = s3Client(await enterFolderLab({ dir: before.dir, buckets: {} }));

    expect(await readObject(again, "kept")).toBe("second");
    expect(await readObject(again, "kept", first.VersionId)).toBe("first");
    expect(await head(again)).toMatchObject(headBefore);
    const versionsAfter = await versions(again);
    expect(versionsAfter.Versions).toEqual(versionsBefore.Versions);
    expect(versionsAfter.DeleteMarkers).toEqual(versionsBefore.DeleteMarkers);
  });

  test("removes half-written files of a killed lab, and shows the current bytes again", async () => {
    const before = await enterFolderLab();
    await put(s3Client(before), "a", "whole");
    await before.stop();
    const kept = join(before.dir, ".lab", "archive");
    await writeFile(join(kept, "bytes", "orphan"), "half");
    await writeFile(join(kept, "keys", "0.json.1.half"), "{");
    await rm(join(before.dir, "archive", "a"));
    await writeFile(join(before.dir, "archive", "a"), "older");

    const again = await enterFolderLab({ dir: before.dir });

    expect(await readdir(join(kept, "bytes"))).not.toContain("orphan");
    expect(await readFile(join(again.dir, "archive", "a"), "utf8")).toBe("whole");
  });
});
