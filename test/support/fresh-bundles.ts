import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { bundleFunctions } from "../../infra/bundle.ts";

const root = join(import.meta.dirname, "..", "..");
const sources = ["functions", "shared", "infra/bundle.ts", "package-lock.json"];

/** Vitest's global setup: bundles once if any source is newer than the bundles, so that no test runs old ones. */
export async function setup(): Promise<void> {
  const [written, bundled] = [await newest(sources), await oldest("dist")];
  if (bundled === undefined || bundled < written) await bundleFunctions();
}

async function newest(paths: readonly string[]): Promise<number> {
  const times = await Promise.all(paths.map((path) => timesIn(join(root, path))));
  return Math.max(...times.flat());
}

async function oldest(path: string): Promise<number | undefined> {
  const times = await timesIn(join(root, path)).catch(() => []);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** Returns when the files under a path were written, or the file at the path. */
async function timesIn(path: string): Promise<number[]> {
  const { mtimeMs } = await stat(path);
  const names = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!names) return [mtimeMs];
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
}
