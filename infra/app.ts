import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { JobRunnerStack } from "./job-runner-stack.ts";
import { readAccountSettings, rejectSettingsIn } from "./read-account-settings.ts";
import { SettingsError } from "./settings-error.ts";

/** The one stack of the account that `-c account=<name>` chooses; a finding of cdk-nag's makes synthesis fail. */
function openApp(): void {
  const app = new App();
  const account: unknown = app.node.tryGetContext("account");
  rejectSettingsIn((name) => app.node.tryGetContext(name));
  const settings = readAccountSettings(join(import.meta.dirname, "accounts"), account);
  new JobRunnerStack(app, `nightshift-${account}`, { settings, bundles: join(import.meta.dirname, "..", "dist") });
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
