import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { toBody } from "../../shared/aws/bucket.ts";
import { openFolderBucket } from "../../shared/aws/folder-bucket.ts";
import { memoryBucket } from "../support/storage/memory-bucket.ts";

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "nightshift-folder-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFiles(folder, files);
  return folder;
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [key, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), content);
  }
}

async function keysOf(listing: AsyncIterable<{ readonly key: string }>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of listing) keys.push(key);
  return keys;
}

describe("a folder as a bucket", () => {
  test("must exist, and be a folder", async () => {
    const folder = await folderWith({ file: "" });

    for (const place of [join(folder, "nowhere"), join(folder, "file")])
      await expect(openFolderBucket(place)).rejects.toMatchObject({
        code: "REQUEST_INVALID",
        message: `There is no folder ${place}`,
      });
  });

  test("writes nothing", async () => {
    const bucket = await openFolderBucket(await folderWith({}));
    const body = toBody("text");

    for (const written of [
      bucket.put("key", body, "text/plain"),
      bucket.create("key", body, "text/plain"),
      bucket.replace("key", body, "text/plain", undefined),
    ])
      await expect(written).rejects.toThrow("a folder is only read");
    expect(await bucket.get("key")).toBeUndefined();
  });

  test("has no object where there is none, where there is a folder, and outside of it", async () => {
    const bucket = await openFolderBucket(join(await folderWith({ "in/a/b": "", secret: "" }), "in"));

    for (const key of ["b", "a", "a/b/c", "../secret", "a/../../secret"]) {
      expect([await bucket.get(key), await bucket.head(key), await bucket.open(key)]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    }
  });

  test("fails for a file that cannot be read, and says so", async () => {
    const folder = await folderWith({});
    await symlink("key", join(folder, "key"));

    await expect((await openFolderBucket(folder)).get("key")).rejects.toMatchObject({
      code: "STORAGE_FAILED",
      hint: expect.stringContaining("may read"),
    });
  });

  test("describes an object as S3 does: with MD5 as ETag, SHA-256 and length", async () => {
    const bucket = await openFolderBucket(await folderWith({ "a/b": "text" }));
    const [etag, sha256] = ['"1cb251ec0d568de6a929b520c4aed8d1"', toBody("text").sha256];

    expect(await bucket.get("a/b")).toMatchObject({ body: Buffer.from("text"), etag });
    expect(await bucket.head("a/b")).toEqual({ bytes: 4, etag, sha256, contentType: undefined });
    const opened = await bucket.open("a/b");
    expect(opened?.etag).toBe(etag);
    expect(await buffer(Readable.from(opened?.chunks ?? []))).toEqual(Buffer.from("text"));
    expect((await bucket.list("a/")[Symbol.asyncIterator]().next()).value).toMatchObject({
      key: "a/b",
      bytes: 4,
      etag,
    });
  });

  test("lists what a bucket with the same keys lists, in the same order", async () => {
    const name = fc.stringMatching(/^[a-c][a-c.=-]{0,2}$/);
    const keys = fc.uniqueArray(
      fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/")),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(
        keys,
        fc.constantFrom("", "a", "b/", "a/b"),
        fc.constantFrom(undefined, "a/b"),
        async (all, prefix, after) => {
          // One name cannot be a file and a folder.
          const files = all.filter((key) => !all.some((other) => other.startsWith(`${key}/`)));
          const folder = await mkdtemp(join(tmpdir(), "nightshift-folder-"));
          await writeFiles(folder, Object.fromEntries(files.map((key) => [key, key])));
          const bucket = memoryBucket(Object.fromEntries(files.map((key) => [key, Buffer.from(key)])));
          const expected = (await keysOf(bucket.list(prefix))).filter((key) => after === undefined || key > after);

          const listed = await keysOf((await openFolderBucket(folder)).list(prefix, after)).finally(() =>
            rm(folder, { recursive: true, force: true }),
          );

          expect(listed).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });
});
