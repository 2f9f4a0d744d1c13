import { existsSync } from "node:fs";
import { join } from "node:path";
import { SettingsError } from "./settings-error.ts";

/** Where each function's bundle lies in `folder`. @throws SettingsError, naming every one that is missing */
export function bundleFolders(folder: string, names: readonly string[]): (name: string) => string {
  const missing = names.filter((name) => !existsSync(join(folder, name, "index.mjs")));
  if (missing.length > 0) {
    throw new SettingsError(`There is no bundle of ${missing.join(", ")} in ${folder}: run \`npm run build\` first.`);
  }
  return (name) => join(folder, name);
}
