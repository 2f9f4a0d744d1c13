import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
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

test("the folder is created, and its lock is gone at the end", async () => {
  const folder = join(dir, "a", "b");
  const locked = await lockFolder(folder);

  expect(existsSync(join(folder, ".lock"))).toBe(true);
  if (typeof locked !== "string") await locked.unlock();
  expect(existsSync(join(folder, ".lock"))).toBe(false);
});
