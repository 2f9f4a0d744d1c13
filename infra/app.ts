import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { JobRunnerStack } from "./job-runner-stack.ts";
import { readSettings, rejectSettingsIn } from "./read-settings.ts";
import { SettingsError } from "./settings-error.ts";

/** The stack of the settings file that `-c settings=<name>` names; a finding of cdk-nag's makes synthesis fail. */
function openApp(): void {
  const app = new App();
  const name: unknown = app.node.tryGetContext("settings");
  rejectSettingsIn((setting) => app.node.tryGetContext(setting));
  const settings = readSettings(join(import.meta.dirname, "settings"), name);
  new JobRunnerStack(app, `nightshift-${name}`, { settings, bundles: join(import.meta.dirname, "..", "dist") });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

try {
  openApp();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  // An app that has begun would be synthesised on exit, half made.
  process.exit(1);
}
