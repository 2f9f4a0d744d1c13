import { globSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import * as z from "zod";

const dist = join(import.meta.dirname, "../../dist");

/** Files of a version's bundles, by their paths in `dist/`. */
const StoredBundles = z.record(z.string(), z.string());

/** Returns the file of a version's bundles. */
export function bundlesFile(version: string): string {
  return join(import.meta.dirname, `${version}.bundles.json.br`);
}

/** Stores the bundles of this version. The functions share much code, which a window of 16 MB finds. */
export function storeBundles(version: string): void {
  const files = globSync("*/*.mjs", { cwd: dist }).toSorted();
  const bundles = Object.fromEntries(files.map((file) => [file, readFileSync(join(dist, file), "utf8")]));
  const params = { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS };
  writeFileSync(bundlesFile(version), brotliCompressSync(JSON.stringify(bundles), { params }));
}

/** What a function of an unpacked version writes to its log when it is loaded. */
export const loadedLine = "loaded from the bundles of an earlier version";

/** Unpacks a version's bundles into a folder of its own, and returns its path. */
export function unpackBundles(version: string): string {
  const folder = mkdtempSync(join(tmpdir(), "bundles-"));
  const bundles = StoredBundles.parse(JSON.parse(brotliDecompressSync(readFileSync(bundlesFile(version))).toString()));
  for (const [file, text] of Object.entries(bundles)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    const isFunction = file.endsWith("/index.mjs");
    writeFileSync(join(folder, file), isFunction ? `${text}\nconsole.log("${loadedLine}");\n` : text);
  }
  return folder;
}
