import * as z from "zod/mini";
import { defaultGroups, groups, hasAnyMetric, metrics } from "../shared/core/analytics/analytics-names.ts";
import { AnalyticsGroups, AnalyticsMetrics } from "../shared/core/analytics/analytics-selection.ts";
import { nearestName } from "../shared/core/nearest-name.ts";
import type { JobDeployment } from "../shared/job-deployment.ts";
import { type JobName, jobs as knownJobs } from "../shared/jobs.ts";
import { topicRegion } from "./recipient-setting.ts";

/** Settings that only one job reads. They need that job to be deployed. `startAt` has its own check. */
const readingJobs: Readonly<Record<string, JobName>> = {
  ...Object.fromEntries(
    Object.entries<JobDeployment>(knownJobs).flatMap(([job, { settings = {} }]) =>
      Object.keys(settings).map((name) => [name, job as JobName]),
    ),
  ),
  athenaScanLimitGb: "build-tables",
};

const texts = z.catch(z.optional(z.array(z.string())), undefined);
const text = z.catch(z.optional(z.string()), undefined);
const regionName = z.catch(z.optional(z.string().check(z.regex(/^[a-z0-9-]{1,25}$/))), undefined);

/** The settings that are checked here. Values of another type are ignored, because the schema reports them. */
const GivenSettings = z.catch(
  z.looseObject({
    jobs: texts,
    startAt: z.catch(z.record(z.string(), z.unknown()), {}),
    analytics: z.catch(z.optional(z.looseObject({ groups: texts, metrics: texts })), {}),
    kmsKeyArn: text,
    signingKeyArn: text,
    notify: z.catch(z.optional(z.record(z.string(), texts)), undefined),
    aws: z.catch(z.optional(z.looseObject({ region: regionName })), undefined),
  }),
  { startAt: {} },
);
type GivenSettings = z.infer<typeof GivenSettings>;

/** Returns the errors of settings that are valid alone, but have no effect or cannot work with the others: `field: reason`. */
export function contradictions(json: unknown): readonly string[] {
  const settings = GivenSettings.parse(json);
  return [
    ...checkUnusedSettings(settings),
    ...checkMissingJobs(settings),
    ...checkDuplicates(settings),
    ...checkGroups(settings),
    ...checkKeys(settings),
    ...checkTopics(settings),
  ];
}

/** The jobs that are deployed. A misspelt job counts as the most similar one. */
function deployed({ jobs = [] }: GivenSettings): ReadonlySet<string> {
  const names = Object.keys(knownJobs);
  return new Set(jobs.length === 0 ? names : jobs.map((job) => nearestName(job, names) ?? job));
}

function checkUnusedSettings(settings: GivenSettings): string[] {
  const jobs = deployed(settings);
  const isMissing = (job: string) => Object.hasOwn(knownJobs, job) && !jobs.has(job);
  const starts = Object.keys(settings.startAt).filter(isMissing);
  return [
    ...starts.map((job) => `startAt.${job}: has no effect because jobs does not list it`),
    ...Object.entries(readingJobs).flatMap(([field, job]) =>
      settings[field] !== undefined && isMissing(job)
        ? [`${field}: has no effect because jobs does not list ${job}`]
        : [],
    ),
  ];
}

/** Finds jobs that would do nothing, or never start automatically. */
function checkMissingJobs(settings: GivenSettings): string[] {
  const jobs = deployed(settings);
  return Object.entries<JobDeployment>(knownJobs).flatMap(([job, { after, needs = [] }]) => {
    if (!jobs.has(job)) return [];
    const missing = needs.filter((other) => !jobs.has(other));
    if (missing.length > 0) return [`jobs: ${job} does nothing without ${missing.join(" and ")}; add it`];
    return after && !after.some((other) => jobs.has(other))
      ? [`jobs: ${job} starts only after another job; add ${after.join(" or ")}`]
      : [];
  });
}

function checkDuplicates({ jobs, analytics = {} }: GivenSettings): string[] {
  const lists: readonly [field: string, names: readonly string[] | undefined, known: readonly string[]][] = [
    ["jobs", jobs, Object.keys(knownJobs)],
    ["analytics.groups", analytics.groups, groups],
    ["analytics.metrics", analytics.metrics, metrics],
  ];
  return lists.flatMap(([field, names = [], known]) => {
    const duplicates = known.filter((name) => names.indexOf(name) !== names.lastIndexOf(name));
    return duplicates.map((name) => `${field}: lists ${name} twice`);
  });
}

/** Finds analytics groups that have none of the selected metrics. */
function checkGroups({ analytics = {} }: GivenSettings): string[] {
  const groupsSetting = AnalyticsGroups.safeParse(analytics.groups ?? defaultGroups);
  const metricsSetting = AnalyticsMetrics.safeParse(analytics.metrics ?? metrics);
  if (!groupsSetting.success || !metricsSetting.success) return [];
  const collected = groupsSetting.data.filter((group) => hasAnyMetric(group, metricsSetting.data));
  if (collected.length === 0) return ["analytics.metrics: no group has any of them, so nothing would be collected"];
  if (analytics.groups === undefined) return [];
  const unused = groupsSetting.data.filter((group) => !collected.includes(group));
  return unused.map((group) => `analytics.groups: ${group} has no effect because it has none of the listed metrics`);
}

function checkKeys({ kmsKeyArn, signingKeyArn, aws: { region } = {} }: GivenSettings): string[] {
  const keys = Object.entries({ kmsKeyArn, signingKeyArn }).flatMap(([field, arn]) => {
    const [, keyRegion] = /^arn:[a-z-]+:kms:([a-z0-9-]+):/.exec(arn ?? "") ?? [];
    return keyRegion ? [{ field, keyRegion }] : [];
  });
  const [first, second] = keys;
  const elsewhere = region ? keys.filter(({ keyRegion }) => keyRegion !== region) : [];
  return [
    ...elsewhere.map(({ field, keyRegion }) => {
      return `${field}: is a key in ${keyRegion}, but the stack is in ${region}; a KMS key works only in its own region`;
    }),
    ...(!region && first && second && first.keyRegion !== second.keyRegion
      ? [
          `${second.field}: is a key in ${second.keyRegion}, but ${first.field} is in ${first.keyRegion}; both must be in the stack's region`,
        ]
      : []),
    ...(kmsKeyArn !== undefined && kmsKeyArn === signingKeyArn
      ? ["signingKeyArn: is the same key as kmsKeyArn; a signing key cannot encrypt"]
      : []),
  ];
}

/** CloudWatch notifies topics of its own region only. */
function checkTopics({ notify = {}, aws: { region } = {} }: GivenSettings): string[] {
  return Object.entries(notify).flatMap(([field, recipients = []]) =>
    recipients.flatMap((recipient, n) => {
      const itsRegion = topicRegion(recipient);
      return region === undefined || itsRegion === undefined || itsRegion === region
        ? []
        : [`notify.${field}.${n}: is a topic in ${itsRegion}, but the stack is in ${region}`];
    }),
  );
}
