import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createGunzip, createGzip } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { beginVirtualTime } from "./virtual-time.ts";

const start = Date.parse("2026-11-04T08:30:00Z");

function begin() {
  const time = beginVirtualTime(start);
  onTestFinished(time.end);
  return time;
}

test("an hour passes at once for any kind of wait", async () => {
  const time = begin();

  const passed = await time.run(async () => {
    const began = performance.now();
    await sleep(1_000);
    await new Promise((resolve) => setTimeout(resolve, 9_000));
    const signal = AbortSignal.timeout(3_590_000);
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    return performance.now() - began;
  });

  expect(passed).toBe(3_600_000);
  expect(Date.now()).toBe(start + 3_600_000);
});

test("no time passes while files, cryptography, compression or immediates are running", async () => {
  const time = begin();
  const file = join(tmpdir(), `virtual-time-${process.pid}`);

  const instants = await time.run(async () => {
    void sleep(60_000);
    const seen: number[] = [];
    for (let round = 0; round < 20; round++) {
      await writeFile(file, "text");
      await readFile(file);
      await crypto.subtle.digest("SHA-256", Buffer.alloc(1_000_000));
      const gzip = createGzip();
      const unzipped = createGunzip();
      gzip.end(Buffer.alloc(1_000_000));
      const [bytes] = await Promise.all([buffer(unzipped), pipeline(gzip, unzipped)]);
      expect(bytes.length).toBe(1_000_000);
      for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
      seen.push(Date.now() - start);
    }
    return seen;
  });

  expect(new Set(instants)).toEqual(new Set([0]));
});

test("invalid gzip is refused as usual", async () => {
  const time = begin();

  const reading = time.run(async () => {
    const gunzip = createGunzip();
    gunzip.end("no gzip");
    return buffer(gunzip);
  });

  await expect(reading).rejects.toThrow("incorrect header check");
});

test("parallel work has its own virtual time", async () => {
  const time = begin();
  const order: string[] = [];
  const work = (name: string, ms: number) =>
    time.run(async () => {
      await sleep(ms);
      order.push(name);
    });

  await Promise.all([work("last", 3_000), work("first", 1_000), work("second", 2_000)]);

  expect(order).toEqual(["first", "second", "last"]);
});

test("a world in which no work can continue says so", async () => {
  const time = begin();

  await expect(time.run(() => new Promise(() => {}))).rejects.toThrow("Everybody waits");
});

test("real time is unchanged once virtual time has ended", async () => {
  const before = Date.now();
  beginVirtualTime(start).end();

  const began = Date.now();
  await sleep(5);

  expect(began - before).toBeLessThan(3_600_000);
  expect(began).toBeGreaterThanOrEqual(before);
  expect(Date.now() - began).toBeGreaterThanOrEqual(3);
});
