import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

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
    await mkdir(dir, { recursive: true });
    if (await isHeld(file))
      return `Another npm start, or npm run lab, works in ${dir}: wait for its end, or give --into another folder.`;
    await writeFile(file, String(process.pid));
    return { unlock: () => rm(file, { force: true }) };
  } catch (error) {
    const { code = "?" } = error as NodeJS.ErrnoException;
    return `${dir} cannot be written (${code}): give --into another folder.`;
  }
}

async function isHeld(file: string): Promise<boolean> {
  const pid = Number(await readFile(file, "utf8").catch(() => ""));
  return pid > 0 && pid !== process.pid && isAlive(pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
