import { existsSync } from "node:fs";
import { join } from "node:path";
import { SettingsError } from "./settings-error.ts";

/** Returns the lookup of each function's bundle in `folder`. @throws SettingsError with every missing bundle */
export function bundleFolders(folder: string, names: readonly string[]): (name: string) => string {
  const missing = names.filter((name) => !existsSync(join(folder, name, "index.mjs")));
  if (missing.length > 0) {
    throw new SettingsError(`Bundles of ${missing.join(", ")} are missing in ${folder}: run \`npm run build\` first.`);
  }
  return (name) => join(folder, name);
}
