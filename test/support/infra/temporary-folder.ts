import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];

// Vitest ends its workers without their `exit` events: there nothing-left.ts removes them after each file.
process.on("exit", removeTemporaryFolders);

export function removeTemporaryFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

/** Creates a folder that lasts as long as the file's tests, or the process. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `nightshift-${name}-`));
  folders.push(folder);
  return folder;
}
