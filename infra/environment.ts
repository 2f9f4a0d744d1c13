import { Env } from "../shared/contract.ts";
import type { JobDeployment } from "../shared/job-deployment.ts";
import { jobs } from "../shared/jobs.ts";
import type { Settings } from "./settings.ts";

/** The settings as environment variables of the functions, which have the defaults of all that are left out. */
export function settingsEnvironment(settings: Settings): Record<string, string> {
  const { timeZone, archiveFrom } = settings;
  const values: Readonly<Record<string, unknown>> = settings;
  const jobSettings = Object.values<JobDeployment>(jobs).flatMap(({ settings = {} }) => Object.entries(settings));
  const variables = jobSettings.map(([name, { environment }]) =>
    values[name] === undefined ? {} : environment(values[name] as never),
  );
  return {
    [Env.timeZone]: timeZone,
    [Env.archiveFrom]: archiveFrom,
    ...definedOnly(Object.assign({}, ...variables)),
  };
}

/** The app scopes that all these jobs need together, because they share one access token. */
export function scopesOf(jobs: Readonly<Record<string, JobDeployment>>): string {
  const scopes = Object.values(jobs).flatMap((job) => job.scopes);
  return [...new Set(scopes)].sort().join(" ");
}

function definedOnly(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
  );
}
