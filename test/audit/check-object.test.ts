import { expect, test } from "vitest";
import { attemptCheck, checkObject } from "../../shared/audit/check-object.ts";
import { toBody } from "../../shared/aws/bucket.ts";
import { depths } from "../../shared/core/depth.ts";
import { JobError } from "../../shared/errors.ts";
import { createReadGuard } from "../../shared/storage/read-guard.ts";
import { brokenStream } from "../support/audit/broken-stream.ts";
import { memoryBucket } from "../support/storage/memory-bucket.ts";

const key = "recordings/1.mp3";
const { bytes, sha256 } = toBody(Buffer.from("audio"));

/** Returns an object whose connection breaks this often, and the number of times it was opened. */
function breakingObject(times: number) {
  const bucket = memoryBucket({ [key]: Buffer.from("audio") });
  let opened = 0;
  const open: typeof bucket.open = async (name) => {
    const object = await bucket.open(name);
    return object && (opened++ < times ? { ...object, chunks: brokenStream(object.chunks) } : object);
  };
  const check = () =>
    checkObject({ ...bucket, open }, "bytes", { reference: { key, bytes, sha256, etag: sha256 }, listed: undefined });
  return { check, opened: () => opened };
}

test("`checkObject` opens an object three times if its connection breaks, and then fails", async () => {
  const { check, opened } = breakingObject(99);

  await expect(check()).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  expect(opened()).toBe(3);
});

test("`checkObject` needs no more if the third attempt succeeds", async () => {
  const { check, opened } = breakingObject(2);

  expect(await check()).toEqual({ findings: [], content: "read" });
  expect(opened()).toBe(3);
});

const reference = { key, bytes, sha256, etag: '"of the first write"' };

test.each(depths)(
  "`checkObject` accepts another ETag of an object with the same SHA-256, at depth %s",
  async (depth) => {
    const bucket = memoryBucket({ [key]: Buffer.from("audio") });
    const listed = { key, bytes, etag: '"of a copy"', lastModified: new Date(0) };

    expect(await checkObject(bucket, depth, { reference, listed })).toMatchObject({ findings: [] });
  },
);

test("`checkObject` does not read an object in an archive class, and says so", async () => {
  const bucket = memoryBucket({ [key]: Buffer.from("audio") });
  const offline = { bytes, sha256, etag: reference.etag, contentType: undefined, isOffline: true };
  const closed = { ...bucket, head: async () => offline, open: () => Promise.reject(new Error("it cannot be read")) };

  expect(await checkObject(closed, "bytes", { reference, listed: undefined })).toEqual({
    findings: [],
    content: "offline",
  });
});

test("`checkObject` finds an object in an archive class that has another SHA-256", async () => {
  const bucket = memoryBucket({ [key]: Buffer.from("audio") });
  const changed = { bytes, sha256: "other", etag: "e", contentType: undefined, isOffline: true };

  expect(
    await checkObject({ ...bucket, head: async () => changed }, "bytes", { reference, listed: undefined }),
  ).toMatchObject({
    findings: [{ code: "object-changed", detail: "S3 stores another SHA-256 of it" }],
  });
});

test("an object that is whole by its listing takes no request, so that it does not show that S3 is there", async () => {
  const guard = createReadGuard();
  const listed = { key, bytes, etag: reference.etag, lastModified: new Date(0) };
  const away = () => Promise.reject(new JobError("STORAGE_FAILED", "answered 503", { retryable: true }));

  await attemptCheck({ archive: memoryBucket({}), guard }, "listing", { reference, listed });

  await expect(guard.attempt(away)).rejects.toMatchObject({ retryable: true });
});
