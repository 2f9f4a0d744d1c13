import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type Figure, median } from "./table.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..");

/** Measures the import time of each bundle, above that of an empty module, beside the official clients imported alone. */
export async function initFigures(quick: boolean): Promise<readonly Figure[]> {
  const times = quick ? 3 : 15;
  const bundles = (await readdir(join(root, "dist"), { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const subjects = [
    ...bundles.map(({ name }) => ({
      name: `dist/${name}`,
      module: pathToFileURL(join(root, "dist", name, "index.mjs")).href,
    })),
    { name: "@rc-ex/core", module: "@rc-ex/core" },
    { name: "@ringcentral/sdk", module: "@ringcentral/sdk" },
  ];
  // In turn, so that a machine that slows down slows all alike.
  const measured = new Map<string, number[]>(subjects.map(({ name }) => [name, []]));
  const empty: number[] = [];
  for (let n = 0; n < times; n++) {
    empty.push(await importMs("data:text/javascript,"));
    for (const { name, module } of subjects) measured.get(name)?.push(await importMs(module));
  }
  return [...measured].map(([name, all]) => ({
    what: `init of ${name}`,
    value: `${(median(all) - median(empty)).toFixed(0)} ms`,
  }));
}

async function importMs(module: string): Promise<number> {
  const script = `const t = performance.now(); await import(${JSON.stringify(module)}); console.log(performance.now() - t); process.exit(0)`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], {
    cwd: root,
    env: { AWS_REGION: "us-east-1" },
  });
  return Number(stdout);
}
