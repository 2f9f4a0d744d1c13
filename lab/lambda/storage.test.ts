import { statSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleFixture, type FixtureBundle } from "./fixtures/bundle-fixture.ts";
import { startLab } from "./fixtures/start-lab.ts";
import { type Line, type Result, type Writer, writerNames } from "./fixtures/storage.ts";

let bundle: FixtureBundle;
beforeAll(async () => {
  bundle = await bundleFixture("storage");
});
afterAll(() => bundle[Symbol.asyncDispose]());

const full = { message: "ENOSPC: no space left on device, write", errno: -28, code: "ENOSPC", syscall: "write" };
const writing = (file: string, bytes: number, by: Writer = "FileHandle.appendFile"): Line => ({
  do: "write",
  by,
  file,
  bytes,
});
const removing = (file: string): Line => ({ do: "remove", file });
const sizing = (file: string): Line => ({ do: "size", file });

/** Starts a lab with a function whose /tmp has the given size in bytes. */
async function openWith(ephemeralStorageBytes?: number) {
  const lab = await startLab();
  lab.deploy({
    name: "writer",
    dir: bundle.dir,
    ...(ephemeralStorageBytes !== undefined && { ephemeralStorageBytes }),
  });
  const follow = async (...script: readonly Line[]): Promise<readonly Result[]> => {
    const { payload, functionError } = await lab.invoke("writer", script);
    if (functionError) throw new Error(JSON.stringify(payload));
    return payload as readonly Result[];
  };
  return { lab, follow };
}

test("however a file is written, a write beyond the size of /tmp fails, and a removed file makes room", async () => {
  const { follow } = await openWith(100);
  const rounds = writerNames.map((by) => [
    writing("first", 60, by),
    writing("second", 60, by),
    removing("first"),
    writing("third", 60, by),
    sizing("third"),
    removing("second"),
    removing("third"),
  ]);

  const results = await follow(...rounds.flat());

  const outcomes = writerNames.map((by, n) => [by, results.slice(n * 7, n * 7 + 5)]);
  expect(outcomes).toEqual(writerNames.map((by) => [by, ["done", full, "done", "done", 60]]));
});

// As root we would make a file of that name where there is no such device.
const hasFullDevice = statSync("/dev/full", { throwIfNoEntry: false })?.isCharacterDevice() === true;

test.runIf(hasFullDevice)("a full /tmp gives the error of a full disk", async () => {
  const { follow } = await openWith(0);

  const lines = writerNames.flatMap((by) => [writing("/dev/full", 8, by), writing("here", 8, by)]);
  const results = await follow(...lines);

  for (const [n, result] of results.entries()) expect([lines[n], result]).toEqual([lines[n], full]);
});

test("many small writes fill /tmp to its last byte", async () => {
  const { follow } = await openWith(100);

  const results = await follow(
    ...Array.from({ length: 11 }, () => writing("file", 10)),
    writing("file", 1),
    sizing("file"),
  );

  expect(results).toEqual([...Array(10).fill("done"), full, full, 100]);
});

test("a file that is written again takes the room of the old one", async () => {
  const { follow } = await openWith(100);
  const rewrites: readonly Writer[] = ["writeFileSync", "writeFile", "promises.writeFile", "createWriteStream"];

  const results = await follow(...rewrites.map((by) => writing("file", 100, by)));

  expect(results).toEqual(["done", "done", "done", "done"]);
});

test("files in the folders of /tmp count, and files elsewhere do not", async () => {
  const { follow } = await openWith(10);
  const elsewhere = `${bundle.dir}/elsewhere`;

  const results = await follow(
    writing(elsewhere, 50),
    writing("folder/here", 10),
    writing("here", 1),
    writing(elsewhere, 50),
  );

  expect(results).toEqual(["done", "done", full, "done"]);
});

test("a /tmp without a limit accepts any write", async () => {
  const { lab, follow } = await openWith();

  expect(await follow(writing("file", 1_000_000), sizing("file"))).toEqual(["done", 1_000_000]);
  expect(() => lab.limitStorage("writer", 0)).toThrow("without a limit");
});

test("/tmp can be full in one invocation and have room in the next, in the same sandbox", async () => {
  const { lab, follow } = await openWith(100);
  await follow(writing("file", 10));

  lab.limitStorage("writer", 0);
  const whileFull = await follow(writing("file", 1), writing("empty", 0), sizing("file"));
  lab.limitStorage("writer", 11);
  const afterwards = await follow(writing("file", 1), writing("file", 1));

  expect(whileFull).toEqual([full, "done", 10]);
  expect(afterwards).toEqual(["done", full]);
  expect(lab.invocations().map(({ coldStart }) => coldStart)).toEqual([true, false, false]);
});

test("a new sandbox has its own /tmp with the same limit", async () => {
  const { lab, follow } = await openWith(100);
  await follow(writing("file", 100));
  const warm = await follow(writing("file", 1));

  lab.recycle();
  lab.limitStorage("writer", 50);
  const cold = await follow(writing("file", 50), writing("file", 1));

  expect([warm, cold]).toEqual([[full], ["done", full]]);
});
