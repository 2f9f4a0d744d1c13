import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { JobRunnerStack } from "./job-runner-stack.ts";
import { readSettings, rejectSettingsIn } from "./read-settings.ts";
import { SettingsError } from "./settings-error.ts";

/** Creates the stack of the settings file `-c settings=<name>`. Any cdk-nag finding makes synthesis fail. */
function createApp(): void {
  const app = new App();
  const name: unknown = app.node.tryGetContext("settings");
  rejectSettingsIn((setting) => app.node.tryGetContext(setting));
  const settings = readSettings(join(import.meta.dirname, "settings"), name);
  new JobRunnerStack(app, `nightshift-${name}`, { settings, bundles: join(import.meta.dirname, "..", "dist") });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

try {
  createApp();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  console.error(error.message);
  // Without this CDK would synthesise the incomplete app on exit.
  process.exit(1);
}
