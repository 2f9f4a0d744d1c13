import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFolder } from "./folder-lock.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "nightshift-lock-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

test("a folder in which another process works is refused in one sentence", async () => {
  // The process that started this one.
  await writeFile(join(dir, ".lock"), String(process.ppid));

  expect(await lockFolder(dir)).toBe(
    `Another npm start, or npm run lab, works in ${dir}: wait for its end, or give --into another folder.`,
  );
});

test("the lock of a process that has died is taken over", async () => {
  await writeFile(join(dir, ".lock"), String(2 ** 31 - 1));

  expect(await lockFolder(dir)).toMatchObject({ unlock: expect.any(Function) });
});

test("a path that cannot be a folder is refused in one sentence", async () => {
  const file = join(dir, "file");
  await writeFile(file, "");
  await chmod(file, 0o600);

  expect(await lockFolder(join(file, "archive"))).toBe(
    `${join(file, "archive")} cannot be written (ENOTDIR): give --into another folder.`,
  );
});

test("a folder below /proc, in which nothing can be created, is refused at once", async (context) => {
  if (!existsSync("/proc/self")) return context.skip("this system has no /proc");

  expect(await lockFolder("/proc/nightshift/archive")).toMatch(
    /^\/proc\/nightshift\/archive cannot be written \(E\w+\)/,
  );
});

test("of many processes that begin at the same time, one gets the lock, also that of a dead process", async () => {
  await writeFile(join(dir, ".lock"), String(2 ** 31 - 1));
  const module = JSON.stringify(join(import.meta.dirname, "folder-lock.ts"));
  // Each says that it is ready, tries when it is told to, and lives until all have tried.
  const script = `
    import { once } from "node:events";
    const { lockFolder } = await import(${module});
    console.log("ready");
    await once(process.stdin, "data");
    console.log(typeof (await lockFolder(${JSON.stringify(dir)})));
    await once(process.stdin, "end");
  `;
  const processes = Array.from({ length: 6 }, () => spawn(process.execPath, ["--input-type=module", "--eval", script]));
  const said = () => Promise.all(processes.map(async ({ stdout }) => String((await once(stdout, "data"))[0]).trim()));

  await said();
  const tried = said();
  for (const { stdin } of processes) stdin.write("now");
  const results = await tried;
  const ended = Promise.all(processes.map((child) => once(child, "close")));
  for (const { stdin } of processes) stdin.end();
  await ended;

  expect(results.sort()).toEqual(["object", ...Array(5).fill("string")]);
  expect((await readdir(dir)).filter((name) => name !== ".lock")).toEqual([]);
});

test("the folder is created, and its lock is gone at the end", async () => {
  const folder = join(dir, "a", "b");
  const locked = await lockFolder(folder);

  expect(existsSync(join(folder, ".lock"))).toBe(true);
  if (typeof locked !== "string") await locked.unlock();
  expect(existsSync(join(folder, ".lock"))).toBe(false);
});
