import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { JobRunnerStack } from "../../../infra/job-runner-stack.ts";
import { parseSettings, type Settings } from "../../../infra/settings.ts";
import type { JobDeployment } from "../../../shared/job-deployment.ts";
import { jobs } from "../../../shared/jobs.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export const settings: Settings = parseSettings(
  { timeZone: "America/New_York", archiveFrom: "2026-01-01", notify: { actNow: ["operations@example.com"] } },
  "test",
);

/** One more job, without requests to RingCentral. It shows what is one job's and what is every job's. */
export const countFiles: JobDeployment = {
  schedule: "cron(15 5 * * ? *)",
  scopes: [],
  writes: { archive: ["counts/"], state: ["owners/"] },
  estimateReads: { archive: ["counts/"], state: ["accounts/"] },
  requestFields: [],
  metrics: {},
  memoryMb: 256,
  ephemeralStorageMb: 512,
};
export const fourJobs: Readonly<Record<string, JobDeployment>> = { ...jobs, "count-files": countFiles };

export interface StackOptions {
  readonly settings?: Partial<Settings>;
  readonly jobs?: Readonly<Record<string, JobDeployment>>;
  /** @default nightshift-test */
  readonly name?: string;
}

/** Creates the stack of an account, as an app that has not been synthesised. */
export function openStack(options: StackOptions = {}): { readonly app: App; readonly stack: JobRunnerStack } {
  const app = new App({
    outdir: temporaryFolder("cdk-out"),
    context: { ...deployedContext(), "aws:cdk:bundling-stacks": [], "aws:cdk:disable-stack-trace": true },
    ...{ analyticsReporting: false, treeMetadata: false },
    // CDK's check of the template against CloudFormation's schemas takes seconds; `npm run synth` does it.
    builtinCloudFormationValidation: false,
  });
  const stack = new JobRunnerStack(app, options.name ?? "nightshift-test", {
    settings: { ...settings, ...options.settings },
    bundles: emptyBundles(),
    ...(options.jobs && { jobs: options.jobs }),
  });
  return { app, stack };
}

/** Templates by their options: synthesising one takes longer than most tests of it. */
const templates = new Map<string, Template>();

/** Returns the template of a stack, the same object for the same options. No test may change it. */
export function templateOf(options: StackOptions = {}): Template {
  const { settings: chosen = {}, ...others } = options;
  const key = JSON.stringify({ ...others, settings: { ...settings, ...chosen } });
  const template = templates.get(key) ?? Template.fromStack(openStack(options).stack);
  templates.set(key, template);
  return template;
}

/** CDK's feature flags, as `cdk deploy` takes them. */
export function deployedContext(): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(join(import.meta.dirname, "../../../cdk.json"), "utf8")).context;
}

let bundles: string | undefined;

/** Creates folders in place of bundles, the same for every stack of a test file. */
export function emptyBundles(): string {
  if (bundles !== undefined && existsSync(bundles)) return bundles;
  bundles = temporaryFolder("bundles");
  for (const name of ["start-run", ...Object.keys(fourJobs)]) {
    mkdirSync(join(bundles, name));
    writeFileSync(join(bundles, name, "index.mjs"), "export const handler = () => undefined;\n");
  }
  return bundles;
}
