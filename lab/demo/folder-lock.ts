import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** An archive folder that this process alone works in. */
export interface LockedFolder {
  readonly unlock: () => Promise<void>;
}

/**
 * Creates the folder and locks it. Returns one sentence if it cannot be written, or if another process works in it. The lock
 * of a process that has died is taken over.
 */
export async function lockFolder(dir: string): Promise<LockedFolder | string> {
  const file = join(dir, ".lock");
  try {
    await createFolder(dir);
    if (!(await take(file)))
      return `Another npm start, or npm run lab, works in ${dir}: wait for its end, or give --into another folder.`;
    return { unlock: () => rm(file, { force: true }) };
  } catch (error) {
    return `${dir} cannot be written (${codeOf(error)}): give --into another folder.`;
  }
}

/** Creates a folder and those above it. Node's own way never ends below /proc. */
async function createFolder(dir: string): Promise<void> {
  const isCreated = () => mkdir(dir).catch(ignoring("EEXIST"));
  const parent = dirname(dir);
  await isCreated().catch(async (error: unknown) => {
    // A parent that is there, and in which nothing can be created, says so again.
    if (codeOf(error) !== "ENOENT" || parent === dir) throw error;
    await createFolder(parent);
    await isCreated();
  });
}

/** Creates the lock with its content in one step. Returns false if a living process has it, or is taking it. */
async function take(file: string): Promise<boolean> {
  const own = `${file}-${process.pid}`;
  await writeFile(own, String(process.pid));
  try {
    for (;;) {
      if (await linked(own, file)) return true;
      const taken = await takeOver(file, own);
      if (taken !== undefined) return taken;
    }
  } finally {
    await rm(own, { force: true });
  }
}

function linked(own: string, file: string): Promise<boolean> {
  return link(own, file).then(
    () => true,
    (error: unknown) => (codeOf(error) === "EEXIST" ? false : Promise.reject(error)),
  );
}

/** Replaces the lock of a process that has died. Returns false if its process lives, undefined if the lock is gone. */
async function takeOver(file: string, own: string): Promise<boolean | undefined> {
  // Only one process at a time replaces a lock: what another one reads meanwhile may be out of date.
  const claim = `${file}-claim`;
  if (!(await linked(own, claim))) {
    if ((await holderOf(claim)) === "living") return false;
    await rm(claim, { force: true });
    return undefined;
  }
  try {
    const holder = await holderOf(file);
    if (holder !== "dead") return holder === "living" ? false : undefined;
    await rename(own, file);
    return true;
  } finally {
    await rm(claim, { force: true });
  }
}

async function holderOf(file: string): Promise<"living" | "dead" | "none"> {
  const text = await readFile(file, "utf8").catch(ignoring("ENOENT"));
  if (text === undefined) return "none";
  const pid = Number(text);
  return pid > 0 && pid !== process.pid && isAlive(pid) ? "living" : "dead";
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

function ignoring(code: string): (error: unknown) => undefined {
  return (error) => {
    if (codeOf(error) !== code) throw error;
    return undefined;
  };
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "?";
}
