import { randomUUID } from "node:crypto";
import { copyFile, link, mkdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createLocks } from "./locks.ts";

/** The current objects as a folder for users: each key that can be a path is a file with the object's bytes. */
export interface BrowsableFolder {
  show(key: string, bytesPath: string): Promise<void>;
  hide(key: string): Promise<void>;
}

/** Error codes of the file system for a key that is both a file's and a folder's name, or too long. */
const cannotShow = ["EEXIST", "ENOTDIR", "EISDIR", "ENOTEMPTY", "ENAMETOOLONG", "ERR_FS_EISDIR"];

/** Creates the folder; `workshop` is a folder on the same disk in which a file is prepared before it is moved. */
export async function openBrowsableFolder(root: string, workshop: string): Promise<BrowsableFolder> {
  await Promise.all([root, workshop].map((folder) => mkdir(folder, { recursive: true })));
  const locks = createLocks();
  const change = (key: string, task: (path: string) => Promise<void>) =>
    locks("folder", async () => {
      if (!isSafePath(key)) return;
      await ignoring(cannotShow, () => task(join(root, key)));
    });
  return {
    show: (key, bytesPath) =>
      change(key, async (path) => {
        if (await isSameFile(bytesPath, path)) return;
        try {
          await place(bytesPath, path, join(workshop, randomUUID()));
        } catch (error) {
          await removeEmptyFolders(dirname(path), root);
          throw error;
        }
      }),
    hide: (key) =>
      change(key, async (path) => {
        await rm(path, { force: true });
        await removeEmptyFolders(dirname(path), root);
      }),
  };
}

function isSafePath(key: string): boolean {
  const forbidden = process.platform === "win32" ? /[\0\\:]/ : /\0/;
  return !forbidden.test(key) && key.split("/").every((name) => name !== "" && name !== "." && name !== "..");
}

async function place(bytesPath: string, path: string, half: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await link(bytesPath, half).catch(() => copyFile(bytesPath, half));
    await rename(half, path);
  } finally {
    await rm(half, { force: true });
  }
}

async function isSameFile(left: string, right: string): Promise<boolean> {
  const [one, other] = await Promise.all([left, right].map((path) => stat(path).catch(() => undefined)));
  return one !== undefined && one.ino === other?.ino && one.dev === other.dev;
}

async function removeEmptyFolders(folder: string, root: string): Promise<void> {
  if (folder === root) return;
  await ignoring(["ENOENT"], () => rmdir(folder));
  await removeEmptyFolders(dirname(folder), root);
}

async function ignoring(codes: readonly string[], task: () => Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (typeof code !== "string" || !codes.includes(code)) throw error;
  }
}
