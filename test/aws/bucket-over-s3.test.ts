import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { enterLab, s3Client } from "../../lab/aws/trial/lab-under-test.ts";
import { createBucket, type ObjectBody, toBody } from "../../shared/aws/bucket.ts";
import { readAsStored } from "../../shared/aws/s3-checksums.ts";
import { errorOf } from "../support/ringcentral/open-client.ts";

const bytes = Buffer.alloc(300_000, "nightshift");
const sha256 = createHash("sha256").update(bytes).digest("base64");

/** The bytes as a stream, as audio comes from a file. */
const streamed: ObjectBody = { bytes: bytes.length, sha256, open: () => Readable.from(chunksOf(bytes)) };

function* chunksOf(content: Buffer): Generator<Buffer> {
  for (let from = 0; from < content.length; from += 65_536) yield content.subarray(from, from + 65_536);
}

async function enter() {
  const aws = await enterLab();
  return { aws, bucket: createBucket(s3Client(aws, readAsStored), "archive") };
}

describe("an upload", () => {
  test.each([
    ["the response is lost", "lostResponse", false],
    ["another write is under way (409)", { status: 409, code: "ConditionalRequestConflict" }, true],
    ["S3 is slow (503)", { status: 503, code: "SlowDown" }, true],
    ["the connection drops", "drop", true],
  ] as const)("of a stream is complete although %s", async (_what, what, created) => {
    const { aws, bucket } = await enter();
    aws.plan({ on: { operation: "PutObject" }, what });

    const etag = await bucket.create("recordings/r.mp3", streamed, "audio/mpeg");

    expect(etag !== undefined).toBe(created);
    expect(await aws.read("archive", "recordings/r.mp3")).toEqual(bytes);
    expect(await bucket.head("recordings/r.mp3")).toMatchObject({
      bytes: bytes.length,
      contentType: "audio/mpeg",
      sha256,
    });
  });

  test("whose bytes do not match its hash is refused, and nothing is stored", async () => {
    const { aws, bucket } = await enter();
    const corrupted: ObjectBody = { ...streamed, open: () => Readable.from(chunksOf(Buffer.alloc(bytes.length))) };

    const error = await errorOf(bucket.create("recordings/r.mp3", corrupted, "audio/mpeg"));

    expect(error).toMatchObject({ code: "STORAGE_FAILED", retryable: false });
    expect(await bucket.head("recordings/r.mp3")).toBeUndefined();
    expect(aws.counters().puts.stored).toBe(0);
  });

  test("does not replace an existing object", async () => {
    const { aws, bucket } = await enter();
    await bucket.create("closed/day.json", toBody("first"), "application/json");

    const second = await bucket.create("closed/day.json", toBody("second"), "application/json");

    expect(second).toBeUndefined();
    expect((await aws.read("archive", "closed/day.json")).toString()).toBe("first");
  });
});

test("bytes that were damaged beneath S3 are read as they are: what they should be says their manifest", async () => {
  const { aws, bucket } = await enter();
  await bucket.put("recordings/r.mp3", streamed, "audio/mpeg");
  const damaged = Buffer.from(bytes).fill(0, 0, 1);
  await aws.alterBytes("archive", "recordings/r.mp3", () => damaged);

  const opened = await bucket.open("recordings/r.mp3");

  expect((await bucket.get("recordings/r.mp3"))?.body).toEqual(damaged);
  expect(opened && (await buffer(opened.chunks))).toEqual(damaged);
});

test("keys with special characters are written, read, tested and listed as the same keys", async () => {
  const { bucket } = await enter();
  const keys = ["a b/c+d&e=f.txt", "ü/%2E%2E/~'()!*", "date=2026-11-01/%20.json"];
  for (const key of keys) await bucket.put(`x/${key}`, toBody(key), "text/plain");

  const listed: string[] = [];
  for await (const { key } of bucket.list("x/")) listed.push(key);

  expect(listed.sort()).toEqual(keys.map((key) => `x/${key}`).sort());
  for (const key of keys) {
    expect((await bucket.get(`x/${key}`))?.body.toString()).toBe(key);
    expect((await bucket.head(`x/${key}`))?.bytes).toBe(Buffer.byteLength(key));
  }
});
