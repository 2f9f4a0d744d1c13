import { describe, expect, test } from "vitest";
import { type Bucket, toBody } from "../../shared/aws/bucket.ts";
import { readPause, writePause } from "../../shared/aws/pause-file.ts";
import { pausedDays } from "../../shared/core/pause.ts";
import { JobError } from "../../shared/errors.ts";
import { memoryBucket } from "../support/storage/memory-bucket.ts";

const key = "pauses/archive-calls.json";
let count = 0;
const options = (isPaused: boolean, day = 1) => ({
  ...{ isPaused, nonce: () => `nonce-${++count}` },
  now: () => new Date(Date.UTC(2026, 10, day)),
});
const failing = (status: number, retryable: boolean) => ({
  ...memoryBucket(),
  get: () => Promise.reject(new JobError("STORAGE_FAILED", `answered ${status}`, { retryable, details: { status } })),
});
const read = (bucket: Bucket) => readPause(bucket, "archive-calls");
const write = (bucket: Bucket, isPaused: boolean, day?: number) =>
  writePause(bucket, "archive-calls", options(isPaused, day));

describe("a pause", () => {
  test("that is damaged or denied is unreadable, and one behind an S3 that is away is an error", async () => {
    const damaged = memoryBucket();
    await damaged.put(key, toBody('{"isPaused":"yes"}'), "application/json");

    expect(await read(damaged)).toEqual({ type: "unreadable", reason: `${key} is damaged` });
    expect(await read(failing(403, false))).toEqual({ type: "unreadable", reason: "answered 403" });
    await expect(read(failing(503, true))).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  });

  test("of a job that was never paused is none, and resuming it writes nothing", async () => {
    const bucket = memoryBucket();

    expect((await write(bucket, false)).isNew).toBe(false);
    expect(await read(bucket)).toEqual({ type: "none" });
    expect(await bucket.head(key)).toBeUndefined();
  });

  test("keeps its beginning when the job is paused again, and ends when it is resumed", async () => {
    const bucket = memoryBucket();
    const since = "2026-11-01T00:00:00.000Z";

    expect(await write(bucket, true, 1)).toEqual({ since, isNew: true });
    expect(await write(bucket, true, 2)).toEqual({ since, isNew: false });
    expect(await read(bucket)).toEqual({ type: "paused", since });
    expect((await write(bucket, false, 3)).isNew).toBe(true);
    expect(await read(bucket)).toEqual({ type: "resumed", since: "2026-11-03T00:00:00.000Z" });
  });

  test("replaces a damaged record", async () => {
    const bucket = memoryBucket();
    await bucket.put(key, toBody("{"), "application/json");

    await write(bucket, true);

    expect(await read(bucket)).toMatchObject({ type: "paused" });
  });

  test("is written again after another's write came in between, and given up after five", async () => {
    const bucket = memoryBucket();
    let races = 1;
    const raced: Bucket = {
      ...bucket,
      replace: async (...args) => (races-- > 0 ? undefined : bucket.replace(...args)),
    };

    expect((await write(raced, true)).isNew).toBe(true);
    races = 5;
    await expect(write(raced, false)).rejects.toMatchObject({ code: "STORAGE_FAILED", retryable: true });
  });
});

test("a pause lasts whole days by the clock of S3", () => {
  const paused = { type: "paused", since: "2026-11-01T12:00:00Z" } as const;
  const at = (text: string) => new Date(text);

  expect(pausedDays(paused, at("2026-11-02T11:59:59.999Z"))).toBe(0);
  expect(pausedDays(paused, at("2026-11-02T12:00:00Z"))).toBe(1);
  expect(pausedDays(paused, at("2026-10-01T12:00:00Z"))).toBe(0);
  expect(pausedDays({ ...paused, type: "resumed" }, at("2026-11-09T12:00:00Z"))).toBe(0);
});
