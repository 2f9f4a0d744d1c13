import * as z from "zod/mini";
import { defaultGroups, groups, hasAnyMetric, metrics } from "../shared/core/analytics/analytics-names.ts";
import { AnalyticsGroups, AnalyticsMetrics } from "../shared/core/analytics/analytics-selection.ts";
import { nearestName } from "../shared/core/nearest-name.ts";
import { type JobDeployment, type JobName, jobs as knownJobs } from "../shared/jobs.ts";
import type { Settings } from "./settings.ts";

/** The settings that only one job reads, which has to be deployed for them; `startAt` has one for each. */
const readers: Readonly<Partial<Record<keyof Settings, JobName>>> = {
  settling: "archive-calls",
  analytics: "collect-analytics",
  athenaScanLimitGb: "build-tables",
};

const texts = z.catch(z.optional(z.array(z.string())), undefined);
const text = z.catch(z.optional(z.string()), undefined);
const regionName = z.catch(z.optional(z.string().check(z.regex(/^[a-z0-9-]{1,25}$/))), undefined);

/** What is looked at, as far as it is there and has its form: the schema tells the rest. */
const GivenSettings = z.catch(
  z.looseObject({
    jobs: texts,
    startAt: z.catch(z.record(z.string(), z.unknown()), {}),
    analytics: z.catch(z.optional(z.looseObject({ groups: texts, metrics: texts })), {}),
    kmsKeyArn: text,
    signingKeyArn: text,
    aws: z.catch(z.optional(z.looseObject({ region: regionName })), undefined),
  }),
  { startAt: {} },
);
type GivenSettings = z.infer<typeof GivenSettings>;

/** Settings that are good by themselves and have no effect, or cannot work, beside the others: `field: why`. */
export function contradictions(json: unknown): readonly string[] {
  const settings = GivenSettings.parse(json);
  return [
    ...settingsOfNoJob(settings),
    ...jobsOfNothing(settings),
    ...repeated(settings),
    ...groupsOfNothing(settings),
    ...keysThatCannotServe(settings),
  ];
}

/** The jobs that are deployed; one that is misspelt counts as the one that was meant. */
function deployed({ jobs = [] }: GivenSettings): ReadonlySet<string> {
  const names = Object.keys(knownJobs);
  return new Set(jobs.length === 0 ? names : jobs.map((job) => nearestName(job, names) ?? job));
}

function settingsOfNoJob(settings: GivenSettings): string[] {
  const jobs = deployed(settings);
  const isMissing = (job: string) => Object.hasOwn(knownJobs, job) && !jobs.has(job);
  const starts = Object.keys(settings.startAt).filter(isMissing);
  return [
    ...starts.map((job) => `startAt.${job}: has no effect, for jobs does not name it`),
    ...Object.entries(readers).flatMap(([field, job]) =>
      settings[field] !== undefined && isMissing(job) ? [`${field}: has no effect, for jobs does not name ${job}`] : [],
    ),
  ];
}

/** Jobs that would never start by themselves. */
function jobsOfNothing(settings: GivenSettings): string[] {
  const jobs = deployed(settings);
  return Object.entries<JobDeployment>(knownJobs).flatMap(([job, { after }]) =>
    jobs.has(job) && after && !after.some((other) => jobs.has(other))
      ? [`jobs: ${job} starts when another job has ended, and there is none; add ${after.join(" or ")}`]
      : [],
  );
}

function repeated({ jobs, analytics = {} }: GivenSettings): string[] {
  const lists: readonly [field: string, names: readonly string[] | undefined, known: readonly string[]][] = [
    ["jobs", jobs, Object.keys(knownJobs)],
    ["analytics.groups", analytics.groups, groups],
    ["analytics.metrics", analytics.metrics, metrics],
  ];
  return lists.flatMap(([field, names = [], known]) => {
    const twice = known.filter((name) => names.indexOf(name) !== names.lastIndexOf(name));
    return twice.map((name) => `${field}: names ${name} twice`);
  });
}

/** Groups of analytics that have none of the metrics chosen. */
function groupsOfNothing({ analytics = {} }: GivenSettings): string[] {
  const named = AnalyticsGroups.safeParse(analytics.groups ?? defaultGroups);
  const chosen = AnalyticsMetrics.safeParse(analytics.metrics ?? metrics);
  if (!named.success || !chosen.success) return [];
  const useful = named.data.filter((group) => hasAnyMetric(group, chosen.data));
  if (useful.length === 0) return ["analytics.metrics: no group has any of them, so that nothing would be collected"];
  if (analytics.groups === undefined) return [];
  const useless = named.data.filter((group) => !useful.includes(group));
  return useless.map((group) => `analytics.groups: ${group} has no effect, for it has none of the metrics named`);
}

function keysThatCannotServe({ kmsKeyArn, signingKeyArn, aws: { region } = {} }: GivenSettings): string[] {
  const keys = Object.entries({ kmsKeyArn, signingKeyArn }).flatMap(([field, arn]) => {
    const [, place] = /^arn:[a-z-]+:kms:([a-z0-9-]+):/.exec(arn ?? "") ?? [];
    return place ? [{ field, place }] : [];
  });
  const [first, second] = keys;
  const elsewhere = region ? keys.filter(({ place }) => place !== region) : [];
  return [
    ...elsewhere.map(({ field, place }) => {
      return `${field}: is a key in ${place}, and the stack is in ${region}; KMS keys serve their own region`;
    }),
    ...(!region && first && second && first.place !== second.place
      ? [
          `${second.field}: is a key in ${second.place}, and ${first.field} is in ${first.place}; both must be in the stack's region`,
        ]
      : []),
    ...(kmsKeyArn !== undefined && kmsKeyArn === signingKeyArn
      ? ["signingKeyArn: is the key of kmsKeyArn; a key that signs cannot encrypt"]
      : []),
  ];
}
