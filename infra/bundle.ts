import { readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";

/** Bundles every file of `functions/` into `dist/<name>/index.mjs`. Tests use the same bundles as a deployment. */
export async function bundleFunctions(
  outDir = "dist",
  onBuild: (name: string) => void = () => {},
): Promise<readonly string[]> {
  const root = join(import.meta.dirname, "..");
  const files = (await readdir(join(root, "functions"))).filter((file) => file.endsWith(".ts"));
  const names = files.map((file) => basename(file, ".ts")).sort();
  // Built aside and then renamed, so that a process that uses the bundles never sees a part of them.
  const building = join(root, `${outDir}.${process.pid}`);
  for (const name of names) {
    onBuild(name);
    const dir = join(building, name);
    const result = await build({
      entryPoints: { index: join(root, "functions", `${name}.ts`) },
      outdir: dir,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node24",
      mainFields: ["module", "main"],
      minify: true,
      metafile: true,
      logLevel: "warning",
      // CommonJS parts of a dependency need `require`, which an ES module does not have.
      banner: {
        js: "import{createRequire as $createRequire}from'node:module';const require=$createRequire(import.meta.url);",
      },
      chunkNames: "chunk-[hash]",
    });
    await writeFile(join(building, `${name}.meta.json`), JSON.stringify(result.metafile));
  }
  await rm(join(root, outDir), { recursive: true, force: true });
  await rename(building, join(root, outDir));
  return names;
}

if (import.meta.main) {
  const names = await bundleFunctions("dist", (name) => console.log(`Building ${name} …`));
  console.log(`Built ${names.length} functions in dist/`);
}
