import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { didYouMean } from "../shared/core/nearest-name.ts";
import { parseSettingsJson } from "./parse-settings-json.ts";
import { AccountSettings, parseAccountSettings } from "./settings.ts";
import { SettingsError } from "./settings-error.ts";

/** Rejects settings given as `-c <name>=…`, which would have no effect. @throws SettingsError that names them all */
export function rejectSettingsIn(context: (name: string) => unknown): void {
  const given = Object.keys(AccountSettings.shape).filter((name) => context(name) !== undefined);
  if (given.length === 0) return;
  throw new SettingsError(
    `A setting has no effect in the context (-c): write ${given.join(", ")} into the settings file`,
  );
}

const namePattern = /^[a-z0-9-]+\.json$/;

/** Reads `<folder>/<account>.json`. @throws SettingsError, also where the account is unknown: then it tells which there are */
export function readAccountSettings(folder: string, account: unknown): AccountSettings {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
  const known = files.filter((file) => namePattern.test(file)).map((file) => file.slice(0, -".json".length));
  if (typeof account !== "string" || !known.includes(account)) {
    const asked = account === undefined ? "No account is chosen" : `There are no settings for the account ${account}`;
    const meant = didYouMean(String(account ?? ""), known);
    throw new SettingsError(
      `${asked}: pass -c account=<name>, one of ${known.sort().join(", ") || "none yet"} in ${folder}${meant}${misnamed(files)}`,
    );
  }
  const file = join(folder, `${account}.json`);
  return parseAccountSettings(parseSettingsJson(readFileSync(file, "utf8"), file), file);
}

function misnamed(files: readonly string[]): string {
  const wrong = files.filter((file) => !namePattern.test(file));
  return wrong.length > 0 ? `; ${wrong.join(", ")} cannot be chosen: a name has a-z, 0-9 and hyphens` : "";
}
