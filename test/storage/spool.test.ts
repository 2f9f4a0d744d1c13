import { createHash, randomBytes } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { newFolder } from "../../lab/aws/trial/lab-under-test.ts";
import { type Spooled, spool, spooledMemory } from "../../shared/storage/spool.ts";
import { errorOf } from "../support/ringcentral/open-client.ts";

const megabyte = 1024 * 1024;
const audio = randomBytes(9 * megabyte);
/** Less than usual, so that little is already more than memory is for. */
const maxInMemoryBytes = megabyte / 4;

async function* chunksOf(bytes: number, size = megabyte): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes; from += size) yield audio.subarray(from, Math.min(from + size, bytes));
}

async function* breakingOff(bytes: number): AsyncGenerator<Uint8Array> {
  yield* chunksOf(bytes);
  throw new Error("the connection broke");
}

async function bytesOf(spooled: Spooled): Promise<Buffer> {
  const opened = spooled.open();
  return opened instanceof Readable ? buffer(opened) : opened;
}

const filesLeft = () => readdir(tmpdir());

beforeEach(async () => {
  vi.stubEnv("TMPDIR", await newFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
});

test.each([
  ["nothing", 0, undefined],
  ["a little, of known length", 1_000, 1_000],
  ["a little, of unknown length", 1_000, undefined],
  ["more than memory is for, of known length", 2 * maxInMemoryBytes, 2 * maxInMemoryBytes],
  ["more than memory is for, of unknown length", 2 * maxInMemoryBytes, undefined],
  ["less than expected", 20_000, 2 * maxInMemoryBytes],
])("%s is read whole, can be opened again, and leaves no file", async (_what, bytes, expected) => {
  const whole = audio.subarray(0, bytes);

  const spooled = await spool(chunksOf(bytes, 30_000), { expectedBytes: expected, maxInMemoryBytes });

  expect([spooled.bytes, spooled.sha256]).toEqual([bytes, createHash("sha256").update(whole).digest("base64")]);
  expect((await bytesOf(spooled)).equals(whole)).toBe(true);
  expect((await bytesOf(spooled)).equals(whole)).toBe(true);
  expect((await buffer(spooled.chunks())).equals(whole)).toBe(true);
  expect((await buffer(spooled.chunks())).equals(whole)).toBe(true);
  await spooled.discard();
  expect(await filesLeft()).toEqual([]);
});

test.each([undefined, 9 * megabyte])("a broken stream leaves no file (expected length: %s)", async (expected) => {
  const error = await errorOf(spool(breakingOff(9 * megabyte), { expectedBytes: expected }));

  expect(error.message).toBe("the connection broke");
  expect(await filesLeft()).toEqual([]);
});

test("a file in /tmp can be read only by its owner, because it may hold a call", async () => {
  const spooled = await spool(chunksOf(1_000), { maxInMemoryBytes: 0 });

  const [file = ""] = await filesLeft();

  expect(((await stat(join(tmpdir(), file))).mode & 0o777).toString(8)).toBe("600");
  await spooled.discard();
});

test.each([
  [64 * megabyte, 0],
  [64 * megabyte + 1, 1],
])("while spools hold %i bytes, a further one makes files: %i", async (heldBytes, files) => {
  spooledMemory.heldBytes = heldBytes;

  const spooled = await spool(chunksOf(1_000), {});

  expect(await filesLeft()).toHaveLength(files);
  await spooled.discard();
  expect(spooledMemory.heldBytes).toBe(heldBytes);
  spooledMemory.heldBytes = 0;
});

test.each([
  [8 * megabyte, 0],
  [8 * megabyte + 1, 1],
])("a spool of %i bytes makes files: %i", async (bytes, files) => {
  const spooled = await spool(chunksOf(bytes));

  expect(await filesLeft()).toHaveLength(files);
  await spooled.discard();
});
