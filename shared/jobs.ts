import type { DeployedJob } from "./job-deployment.ts";
import { archiveCallsDeployment } from "./jobs/archive-calls/deployment.ts";
import { buildPagesDeployment } from "./jobs/build-pages/deployment.ts";
import { buildTablesDeployment } from "./jobs/build-tables/deployment.ts";
import { checkAccessDeployment } from "./jobs/check-access/deployment.ts";
import { collectAnalyticsDeployment } from "./jobs/collect-analytics/deployment.ts";
import { reportStatusDeployment } from "./jobs/report-status/deployment.ts";
import { verifyArchiveDeployment } from "./jobs/verify-archive/deployment.ts";

/** Every job, by the name of its folder in `jobs/` and its file in `functions/`. */
export const jobs = {
  "archive-calls": archiveCallsDeployment,
  "collect-analytics": collectAnalyticsDeployment,
  "build-tables": buildTablesDeployment,
  "build-pages": buildPagesDeployment,
  "verify-archive": verifyArchiveDeployment,
  "report-status": reportStatusDeployment,
  "check-access": checkAccessDeployment,
} satisfies Record<string, DeployedJob>;

/** A job's name: its file in `functions/`, its bundle in `dist/`, its folder in `jobs/` and its entry here. */
export type JobName = keyof typeof jobs;

/** Jobs with a schedule, then jobs that start when one of these has ended. */
export const jobsInTurn: readonly JobName[] = (Object.keys(jobs) as JobName[]).sort(
  (a, b) => Number("schedule" in jobs[b]) - Number("schedule" in jobs[a]),
);

/** Request fields besides the days, each with the only job that accepts it; undefined: every job. */
export const requestFields: Readonly<Record<string, JobName | undefined>> = {
  job: undefined,
  dryRun: undefined,
  ...Object.fromEntries(
    (Object.keys(jobs) as JobName[]).flatMap((name) => jobs[name].requestFields.map((field) => [field, name])),
  ),
};
