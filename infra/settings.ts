import * as z from "zod/mini";
import { AnalyticsGroups, AnalyticsMetrics } from "../shared/core/analytics/analytics-selection.ts";
import { fieldErrors, inOneLine } from "../shared/core/field-errors.ts";
import { given, hiding, showing, trueOrFalse } from "../shared/core/given-value.ts";
import { nearestName } from "../shared/core/nearest-name.ts";
import { addDays, type Day, isDay } from "../shared/core/time/days.ts";
import { type JobDeployment, jobs } from "../shared/jobs.ts";
import { contradictions } from "./contradictions.ts";
import { KeySetting, RegionSetting } from "./region-settings.ts";
import { SettingsError } from "./settings-error.ts";
import { TimeZoneSetting } from "./time-zone-setting.ts";

/** The days that CloudWatch Logs can keep a log for (API reference: PutRetentionPolicy). */
const logDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

function matching(pattern: RegExp, complaint: ReturnType<typeof showing>) {
  return z.string(complaint).check(z.regex(pattern, complaint));
}

function whole(complaint: string, from: number, to: number) {
  return z.int(showing(complaint)).check(z.gte(from, showing(complaint)), z.lte(to, showing(complaint)));
}

const StartAt = matching(/^([01]\d|2[0-3]):[0-5]\d$/, showing("expected a time of day, HH:MM")).check(
  z.refine(
    (time) => time < "01:00" || time >= "03:00",
    showing("cannot lie between 01:00 and 03:00, which a change of clocks may skip"),
  ),
);

const ObjectLock = z.strictObject({
  mode: z.enum(["governance", "compliance"], showing("expected governance or compliance")),
  days: whole("expected whole days, 1 to 36500", 1, 36_500),
});

const AwsEnvironment = z.strictObject({
  account: matching(/^\d{12}$/, hiding("expected the 12 digits of an AWS account")),
  region: RegionSetting,
});

/** So long that every alarm's mail still fits. */
const HandbookUrl = matching(
  /^https:\/\/[^\s#]{1,112}$/,
  hiding("expected an https address without #, of at most 120 characters"),
).check(z.refine((url) => URL.canParse(url), hiding("expected an https address that can be opened")));

const settlingHours = whole("expected whole hours, 1 to 168", 1, 168);
const scanLimit = showing("expected gigabytes, 0.01 to 1000000");
const logRetention = showing(`expected one of ${logDays.join(", ")}`);

/** RingCentral was founded in 1999; tables have a partition for each day since. */
const earliestArchive = "2000-01-01";

const jobNames = Object.keys(jobs);
const scheduledJobs = Object.entries<JobDeployment>(jobs).flatMap(([job, { schedule }]) => (schedule ? [job] : []));

const JobName = z.string(showing("expected the name of a job")).check(
  z.refine((name) => jobNames.includes(name), {
    error: ({ input }) => `there is no such job; did you mean ${nearestName(String(input), jobNames)}?${given(input)}`,
  }),
);
const Jobs = z.array(JobName, showing("expected a list of jobs")).check(z.minLength(1, "names no job"));

/** What a file in `infra/settings/` may say; docs/operations.md tells what each setting means. */
export const Settings = z.strictObject({
  timeZone: TimeZoneSetting,
  archiveFrom: z.string(showing("expected a date, YYYY-MM-DD")).check(
    z.refine(isDay, { ...showing("expected a date that exists, YYYY-MM-DD"), abort: true }),
    z.refine((day) => !isAhead(day), showing("lies in the future: nothing would be archived until then")),
    z.refine((day) => day >= earliestArchive, showing(`expected a date since ${earliestArchive}`)),
  ),
  alarmEmails: z
    .array(z.email(hiding("expected an e-mail address")), hiding("expected a list of e-mail addresses"))
    .check(
      z.minLength(1, "names nobody: an alarm that reaches nobody is none"),
      z.refine((emails) => new Set(emails.map(lowerCase)).size === emails.length, "names an address twice"),
    ),
  handbookUrl: z.optional(HandbookUrl),
  jobs: z.optional(Jobs),
  startAt: z.optional(z.strictObject(Object.fromEntries(scheduledJobs.map((job) => [job, z.optional(StartAt)])))),
  paused: z.optional(z.boolean(trueOrFalse)),
  credentialSecretName: z.optional(
    matching(
      /^(?!arn:)[\w/+=.@-]{1,512}$/,
      hiding("expected the name of a secret in the same account and region, not its ARN"),
    ),
  ),
  kmsKeyArn: z.optional(KeySetting),
  objectLock: z.optional(ObjectLock),
  signingKeyArn: z.optional(KeySetting),
  settling: z.optional(
    z.strictObject({
      listingGapHours: z.optional(settlingHours),
      settleAfterHours: z.optional(settlingHours),
    }),
  ),
  analytics: z.optional(
    z.strictObject({
      groups: z.optional(AnalyticsGroups),
      metrics: z.optional(AnalyticsMetrics),
      recollectDays: z.optional(whole("expected whole days, 1 to 30", 1, 30)),
    }),
  ),
  // Athena takes no limit under 10 MB (API reference: WorkGroupConfiguration).
  athenaScanLimitGb: z.optional(z.number(scanLimit).check(z.gte(0.01, scanLimit), z.lte(1_000_000, scanLimit))),
  logRetentionDays: z.optional(z.number(logRetention).check(z.refine((days) => logDays.includes(days), logRetention))),
  aws: z.optional(AwsEnvironment),
});
export type Settings = z.infer<typeof Settings>;

/** Checks one account's settings whole. @throws SettingsError, naming every mistake */
export function parseSettings(json: unknown, file: string): Settings {
  const parsed = Settings.safeParse(json);
  const errors = [
    ...(parsed.success ? [] : fieldErrors(parsed.error.issues, { schema: Settings })),
    ...contradictions(json),
  ];
  if (parsed.success && errors.length === 0) return parsed.data;
  throw new SettingsError(`The settings in ${file} cannot be used: ${inOneLine(errors)}`);
}

/** Somewhere on earth it may be tomorrow already. */
function isAhead(day: Day): boolean {
  return day > addDays(new Date().toISOString().slice(0, 10), 1);
}

function lowerCase(text: unknown): string {
  return String(text).toLowerCase();
}
