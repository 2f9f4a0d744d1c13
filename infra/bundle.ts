import { readdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";

/** Bundles every file of `functions/` into `dist/<name>/index.mjs`. Tests use the same bundles as a deployment. */
export async function bundleFunctions(outDir = "dist"): Promise<readonly string[]> {
  const root = join(import.meta.dirname, "..");
  const files = (await readdir(join(root, "functions"))).filter((file) => file.endsWith(".ts"));
  const names = files.map((file) => basename(file, ".ts")).sort();
  await rm(join(root, outDir), { recursive: true, force: true });
  for (const name of names) {
    const dir = join(root, outDir, name);
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
    await writeFile(join(root, outDir, `${name}.meta.json`), JSON.stringify(result.metafile));
  }
  return names;
}

if (import.meta.main) {
  const names = await bundleFunctions();
  console.log(`Built in dist/: ${names.join(", ")}`);
}
