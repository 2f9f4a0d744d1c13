import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { didYouMean } from "../shared/core/nearest-name.ts";
import { parseSettingsJson } from "./parse-settings-json.ts";
import { parseSettings, Settings } from "./settings.ts";
import { SettingsError } from "./settings-error.ts";

/** Rejects settings given as `-c <name>=…`, which would have no effect. @throws SettingsError with their names */
export function rejectSettingsIn(context: (name: string) => unknown): void {
  const given = Object.keys(Settings.shape).filter((name) => context(name) !== undefined);
  if (given.length === 0) return;
  throw new SettingsError(`Settings have no effect as context (-c): write ${given.join(", ")} into the settings file`);
}

const namePattern = /^[a-z0-9-]+\.json$/;

/** Reads `<folder>/<name>.json`. @throws SettingsError when the name is unknown, with the known names, or the file is invalid */
export function readSettings(folder: string, name: unknown): Settings {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  const known = files.filter((file) => namePattern.test(file)).map((file) => file.slice(0, -".json".length));
  if (typeof name !== "string" || !known.includes(name)) {
    const problem = name === undefined ? "No settings file is chosen" : `There is no settings file ${name}.json`;
    const meant = didYouMean(String(name ?? ""), known);
    throw new SettingsError(
      `${problem}: pass -c settings=<name>, one of ${known.sort().join(", ") || "none yet"} in ${folder}${meant}${misnamed(files)}`,
    );
  }
  const file = join(folder, `${name}.json`);
  return parseSettings(parseSettingsJson(readFileSync(file, "utf8"), file), file);
}

function misnamed(files: readonly string[]): string {
  const invalid = files.filter((file) => !namePattern.test(file));
  return invalid.length > 0 ? `; invalid file names: ${invalid.join(", ")} (only a-z, 0-9 and hyphens)` : "";
}
