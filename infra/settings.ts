import * as z from "zod/mini";
import { fieldErrors, firstErrors } from "../shared/core/field-errors.ts";
import { DateField } from "../shared/core/fields.ts";
import { given, hiding, showing, trueOrFalse } from "../shared/core/given-value.ts";
import { wholeNumber } from "../shared/core/job-setting.ts";
import { nearestName } from "../shared/core/nearest-name.ts";
import { addDays, type Day } from "../shared/core/time/days.ts";
import type { JobDeployment } from "../shared/job-deployment.ts";
import { jobs } from "../shared/jobs.ts";
import { contradictions } from "./contradictions.ts";
import { Recipients } from "./recipient-setting.ts";
import { KeySetting, RegionSetting } from "./region-settings.ts";
import { SettingsError } from "./settings-error.ts";
import { TimeZoneSetting } from "./time-zone-setting.ts";

/**
 * The retention periods of CloudWatch Logs, in days.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
const logDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

function textMatching(pattern: RegExp, error: ReturnType<typeof showing>) {
  return z.string(error).check(z.regex(pattern, error));
}

const StartAt = textMatching(/^([01]\d|2[0-3]):[0-5]\d$/, showing("expected a time of day, HH:MM")).check(
  z.refine(
    (time) => time < "01:00" || time >= "03:00",
    showing("must not be between 01:00 and 03:00, which a clock change may skip"),
  ),
);

const ObjectLock = z.strictObject({
  mode: z.enum(["governance", "compliance"], showing("expected governance or compliance")),
  days: wholeNumber(1, 36_500, "expected whole days, 1 to 36500"),
});

const Notify = z.strictObject(
  { actNow: Recipients, thisWeek: z.optional(Recipients), morningNote: z.optional(Recipients) },
  hiding('expected lists of recipients, such as { "actNow": ["ops@example.com"] }'),
);

const AwsEnvironment = z.strictObject({
  account: textMatching(/^\d{12}$/, hiding("expected the 12 digits of an AWS account")),
  region: RegionSetting,
});

/** Its maximum length ensures that every alarm's e-mail fits its limit. */
const HandbookUrl = textMatching(
  /^https:\/\/[^\s#]{1,112}$/,
  hiding("expected an https URL without #, at most 120 characters"),
).check(z.refine((url) => URL.canParse(url), hiding("expected a valid https URL")));

const scanLimit = showing("expected gigabytes, 0.01 to 1000000");
const logRetention = showing(`expected one of ${logDays.join(", ")}`);

/** RingCentral was founded in 1999. Tables have one partition per day since `archiveFrom`. */
const earliestArchive = "2000-01-01";

type SettingsOf<Job> = Job extends { readonly settings: infer JobSettings } ? JobSettings : Record<never, never>;
type SchemasOf<JobSettings> = {
  [Name in keyof JobSettings]: JobSettings[Name] extends { readonly schema: infer Schema extends z.ZodMiniType }
    ? z.ZodMiniOptional<Schema>
    : never;
};
type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;
type Jobs = typeof jobs;

/** The settings that only one job reads, from the jobs' folders. */
const jobSettings = Object.fromEntries(
  Object.values<JobDeployment>(jobs).flatMap(({ settings = {} }) =>
    Object.entries(settings).map(([name, { schema }]) => [name, z.optional(schema as z.ZodMiniType)]),
  ),
) as Intersection<SchemasOf<SettingsOf<Jobs[keyof Jobs]>>>;

const jobNames = Object.keys(jobs);
const scheduledJobs = Object.entries<JobDeployment>(jobs).flatMap(([job, { schedule }]) => (schedule ? [job] : []));

const JobName = z.string(showing("expected the name of a job")).check(
  z.refine((name) => jobNames.includes(name), {
    error: ({ input }) => `there is no such job; did you mean ${nearestName(String(input), jobNames)}?${given(input)}`,
  }),
);
const JobNames = z
  .array(JobName, showing("expected a list of jobs"))
  .check(z.minLength(1, "must list at least one job"));

/** Schema of a file in `infra/settings/`. docs/operations.md describes each setting. */
export const Settings = z.strictObject({
  timeZone: TimeZoneSetting,
  archiveFrom: DateField.check(
    z.refine((day) => !isInFuture(day), showing("is in the future: nothing would be archived until then")),
    z.refine((day) => day >= earliestArchive, showing(`expected a date since ${earliestArchive}`)),
  ),
  notify: Notify,
  handbookUrl: z.optional(HandbookUrl),
  jobs: z.optional(JobNames),
  startAt: z.optional(z.strictObject(Object.fromEntries(scheduledJobs.map((job) => [job, z.optional(StartAt)])))),
  paused: z.optional(z.boolean(trueOrFalse)),
  credentialSecretName: z.optional(
    textMatching(
      /^(?!arn:)[\w/+=.@-]{1,512}$/,
      hiding("expected the name of a secret in the same account and region, not its ARN"),
    ),
  ),
  kmsKeyArn: z.optional(KeySetting),
  objectLock: z.optional(ObjectLock),
  signingKeyArn: z.optional(KeySetting),
  ...jobSettings,
  // Athena's minimum is 10 MB. https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroupConfiguration.html
  athenaScanLimitGb: z.optional(z.number(scanLimit).check(z.gte(0.01, scanLimit), z.lte(1_000_000, scanLimit))),
  logRetentionDays: z.optional(z.number(logRetention).check(z.refine((days) => logDays.includes(days), logRetention))),
  aws: z.optional(AwsEnvironment),
});
export type Settings = z.infer<typeof Settings>;

/** Earlier names of settings, and names that other programs have for the same. */
const otherNames: Readonly<Record<string, string>> = {
  ...{ alarmEmails: "notify", alarmEmail: "notify", emails: "notify", alerts: "notify", recipients: "notify" },
  ...{ tz: "timeZone", zone: "timeZone", from: "archiveFrom", firstDay: "archiveFrom", startDate: "archiveFrom" },
  ...{ signWith: "signingKeyArn", schedule: "startAt", schedules: "startAt", secret: "credentialSecretName" },
};

/** Parses the settings of one installation. @throws SettingsError with every error */
export function parseSettings(json: unknown, file: string): Settings {
  const parsed = Settings.safeParse(json);
  const errors = [
    ...(parsed.success ? [] : fieldErrors(parsed.error.issues, { schema: Settings, otherNames })),
    ...contradictions(json),
  ];
  if (parsed.success && errors.length === 0) return parsed.data;
  const lines = firstErrors(errors).map((error) => `  ${error}`);
  throw new SettingsError([`The settings in ${file} are invalid:`, ...lines].join("\n"));
}

/** True if the day begins later than tomorrow UTC: in some time zones it may already be tomorrow. */
function isInFuture(day: Day): boolean {
  return day > addDays(new Date().toISOString().slice(0, 10), 1);
}
