import { Env } from "../shared/contract.ts";
import type { JobDeployment } from "../shared/jobs.ts";
import type { Settings } from "./settings.ts";

/** The settings as environment variables of the functions, which have the defaults of all that are left out. */
export function settingsEnvironment(settings: Settings): Record<string, string> {
  const { timeZone, archiveFrom, settling, analytics } = settings;
  return {
    [Env.timeZone]: timeZone,
    [Env.archiveFrom]: archiveFrom,
    ...definedOnly({
      [Env.listingGap]: seconds(settling?.listingGapHours),
      [Env.settleAfter]: seconds(settling?.settleAfterHours),
      [Env.analyticsGroups]: analytics?.groups?.join(","),
      [Env.analyticsMetrics]: analytics?.metrics?.join(","),
      [Env.recollectDays]: analytics?.recollectDays?.toString(),
    }),
  };
}

/** The app scopes that all these jobs need together, because they share one access token. */
export function scopesOf(jobs: Readonly<Record<string, JobDeployment>>): string {
  const scopes = Object.values(jobs).flatMap((job) => job.scopes);
  return [...new Set(scopes)].sort().join(" ");
}

function seconds(hours: number | undefined): string | undefined {
  return hours === undefined ? undefined : `${hours * 3600}`;
}

function definedOnly(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
  );
}
