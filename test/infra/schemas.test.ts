import { beforeAll, describe, expect, test } from "vitest";
import { parseSettings, type Settings } from "../../infra/settings.ts";
import { groups, metrics } from "../../shared/core/analytics/analytics-names.ts";
import type { JobDeployment } from "../../shared/job-deployment.ts";
import { type JobName, jobs } from "../../shared/jobs.ts";
import { resourceOf } from "../support/infra/resources.ts";
import { schemaFindings, type TemplateParts } from "../support/infra/schema-findings.ts";
import { settings, templateOf } from "../support/infra/stack.ts";

type Optional = { [name in keyof Settings]-?: undefined extends Settings[name] ? name : never };
type OptionalSetting = Optional[keyof Settings];

const key = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";

/** Values of every setting that a file may leave out. */
const values = {
  jobs: jobSubsets(),
  startAt: [{ "archive-calls": "04:15", "collect-analytics": "23:59" }],
  handbookUrl: ["https://wiki.example.com/nightshift"],
  paused: [true],
  credentialSecretName: ["ringcentral/acme"],
  kmsKeyArn: [key],
  objectLock: [
    { mode: "governance", days: 1 },
    { mode: "compliance", days: 36_500 },
  ],
  signingKeyArn: [key.replace("11111111", "22222222")],
  settling: [{ listingGapHours: 168, settleAfterHours: 168 }],
  pages: [{ locale: "de-DE", people: "none" }],
  analytics: [{ groups: [...groups], metrics: [...metrics], recollectDays: 30 }],
  athenaScanLimitGb: [0.01],
  logRetentionDays: [3653],
  aws: [{ account: "123456789012", region: "eu-central-1" }],
} as const satisfies { readonly [name in OptionalSetting]: readonly NonNullable<Settings[name]>[] };

/** No setting, then all at once: with their first values, with their last ones, and with each job alone. */
function variants(): Readonly<Record<string, Partial<Settings>>> {
  const { jobs: _, ...others } = values;
  const all = (place: 0 | -1) => Object.fromEntries(Object.entries(others).map(([name, of]) => [name, of.at(place)]));
  const each = [{}, all(0), all(-1), ...values.jobs.map((chosen) => withJobs(all(-1), chosen))];
  return Object.fromEntries(each.map((chosen) => [JSON.stringify(chosen), chosen]));
}

/** Deployed resources, each with one mistake, and its expected finding. */
const mistakes: Readonly<Record<string, [mistake: (parts: Parts) => void, finding: RegExp]>> = {
  "a misspelt property": [
    ({ log }) => Object.assign(log.Properties, { RetentionDays: 7 }),
    /'RetentionDays' was unexp/,
  ],
  "a misspelt member": [
    ({ bucket }) => Object.assign(versioning(bucket), { State: "Enabled" }),
    /'State' was unexpected/,
  ],
  "a wrong type": [({ bucket }) => Object.assign(bucket.Properties, { Tags: "all" }), /'all' is not of type 'array'/],
  "a value outside an enum": [
    ({ bucket }) => Object.assign(versioning(bucket), { Status: "On" }),
    /'On' is not one of/,
  ],
  "a missing member": [({ bucket }) => delete versioning(bucket).Status, /'Status' is a required property/],
  "a number out of bounds": [({ queue }) => Object.assign(queue.Properties, { DelaySeconds: 901 }), /901 is greater/],
  "a text of another form": [({ log }) => Object.assign(log.Properties, { LogGroupName: "a b" }), /not match pattern/],
  "an unknown attribute": [
    ({ queue, bucket }) => Object.assign(queue.Properties, { QueueName: { "Fn::GetAtt": [bucket.id, "Arm"] } }),
    /'Arm' is not one of/,
  ],
  "an unknown type": [({ queue }) => Object.assign(queue, { Type: "AWS::SQS::Quue" }), /Unknown resource type/],
  "an unknown policy": [({ bucket }) => Object.assign(bucket, { DeletionPolicy: "Keep" }), /got 'Keep'/],
};

interface Part {
  readonly id: string;
  readonly Properties: Record<string, unknown>;
}
type Parts = Readonly<Record<"bucket" | "log" | "queue", Part>>;

function versioning(bucket: Part): { Status?: unknown } {
  return bucket.Properties.VersioningConfiguration as { Status?: unknown };
}

const template = templateOf();

/** Some resources of the stack that need no others, by their logical ids. */
function brokenBy(mistake: (parts: Parts) => void) {
  const part = (type: string, begins: string) => {
    const { id, Properties, ...resource } = resourceOf(template, type, begins);
    return structuredClone({ ...resource, id, Properties: { ...Properties } });
  };
  const bucket = part("AWS::S3::Bucket", "BucketsArchive");
  delete bucket.Properties.LoggingConfiguration;
  const parts = {
    bucket,
    log: part("AWS::Logs::LogGroup", "startrun"),
    queue: part("AWS::SQS::Queue", "FailedStarts"),
  };
  mistake(parts);
  return { Resources: Object.fromEntries(Object.values(parts).map(({ id, ...resource }) => [id, resource])) };
}

let findings: readonly string[];
const findingsOf = (name: string) => findings.filter((finding) => finding.startsWith(`${name}: `));

/** Validates all at once, because compiling the schemas takes seconds. */
beforeAll(() => {
  const stacks = Object.entries(variants()).map(([name, chosen]) => {
    return [name, templateOf({ settings: parsed(chosen) }).toJSON() as TemplateParts] as const;
  });
  const broken = Object.entries(mistakes).map(([name, [mistake]]) => [name, brokenBy(mistake)] as const);
  const faultless = ["no mistake", brokenBy(() => {})] as const;
  findings = schemaFindings(Object.fromEntries([...stacks, faultless, ...broken]));
}, 300_000);

describe("CloudFormation's schemas", () => {
  test.each(Object.keys(variants()))("find nothing in the stack of the settings %s", (name) => {
    expect(findingsOf(name)).toEqual([]);
  });

  test.each(Object.entries(mistakes))("find %s", (name, [, finding]) => {
    expect(findingsOf(name)).toEqual([expect.stringMatching(finding)]);
  });

  test("find nothing in resources without a mistake", () => {
    expect(findingsOf("no mistake")).toEqual([]);
  });
});

function parsed(chosen: object): Settings {
  return parseSettings({ ...settings, ...chosen }, JSON.stringify(chosen));
}

/**
 * All jobs, and one alone: alone, none has a form of property that all together lack. With EVERY_CELL=1 each alone that has what
 * it needs and is started by a schedule, and all but each.
 */
function jobSubsets(): string[][] {
  const names = Object.keys(jobs) as JobName[];
  const subsets: JobName[][] = [
    names,
    ["check-access"],
    ...(process.env.EVERY_CELL ? names.map((name) => [name]) : []),
    ...(process.env.EVERY_CELL ? names.map((name) => names.filter((each) => each !== name)) : []),
  ];
  const works = ({ after, needs = [] }: JobDeployment, chosen: readonly string[]) =>
    needs.every((other) => chosen.includes(other)) && (after?.some((other) => chosen.includes(other)) ?? true);
  return subsets.filter((chosen) => chosen.length > 0 && chosen.every((name) => works(jobs[name], chosen)));
}

/** Omits settings without an effect for these jobs. */
function withJobs(all: Record<string, unknown>, chosen: readonly string[]): object {
  const startAt = Object.fromEntries(Object.entries(Object(all.startAt)).filter(([job]) => chosen.includes(job)));
  const { analytics, settling, pages, athenaScanLimitGb, ...others } = all;
  return {
    ...{ ...others, startAt, jobs: chosen },
    ...(chosen.includes("archive-calls") && { settling }),
    ...(chosen.includes("collect-analytics") && { analytics }),
    ...(chosen.includes("build-pages") && { pages }),
    ...(chosen.includes("build-tables") && { athenaScanLimitGb }),
  };
}
