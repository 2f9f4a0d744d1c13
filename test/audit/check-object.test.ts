import { expect, test } from "vitest";
import { checkObject } from "../../shared/audit/check-object.ts";
import { toBody } from "../../shared/aws/bucket.ts";
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

  expect(await check()).toEqual([]);
  expect(opened()).toBe(3);
});
