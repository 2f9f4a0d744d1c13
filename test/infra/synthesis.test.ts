import { createRequire } from "node:module";
import { App } from "aws-cdk-lib";
import type { Template } from "aws-cdk-lib/assertions";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { Job } from "../../infra/constructs/job.ts";
import { JobRunnerStack } from "../../infra/job-runner-stack.ts";
import { Env } from "../../shared/contract.ts";
import type { JobDeployment } from "../../shared/job-deployment.ts";
import { jobs } from "../../shared/jobs.ts";
import { flat, functionOf, resourceOf, resourcesOf, rightsOf } from "../support/infra/resources.ts";
import {
  deployedContext,
  fourJobs,
  openStack,
  type StackOptions,
  settings,
  templateOf,
} from "../support/infra/stack.ts";
import { temporaryFolder } from "../support/infra/temporary-folder.ts";

const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";

describe("missing bundles", () => {
  test("are all named in one sentence with a hint", () => {
    const bundles = temporaryFolder("none");

    const app = () => new App({ outdir: bundles });
    const open = (chosen?: string[]) =>
      new JobRunnerStack(app(), "nightshift-test", { settings: { ...settings, jobs: chosen }, bundles });
    const names = ["start-run", ...Object.keys(jobs)].join(", ");
    expect(open).toThrow(new RegExp(`^Bundles of ${names} are missing in .*: run \`npm run build\` first\\.$`));
    expect(() => open(["collect-analytics"])).toThrow(/^Bundles of start-run, collect-analytics are missing in /);
  });
});

describe("the credential", () => {
  test("is a secret without a value, and stays when the stack is deleted, except after a failed deployment", () => {
    const { DeletionPolicy, UpdateReplacePolicy, Properties } = resourceOf(templateOf(), "AWS::SecretsManager::Secret");

    expect([Properties.SecretString, Properties.GenerateSecretString, Properties.Name]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(["RetainExceptOnCreate", "Retain"]);
  });

  test("may be an existing secret: then none is created, and only that one is read", () => {
    const template = templateOf({ settings: { jobs: ["archive-calls"], credentialSecretName: "ringcentral/acme" } });

    template.resourceCountIs("AWS::SecretsManager::Secret", 0);
    const { Variables } = functionOf(template, "archive-calls").Properties.Environment as {
      readonly Variables: Readonly<Record<string, unknown>>;
    };
    expect(Variables[Env.credentialSecret]).toBe("ringcentral/acme");
    const read = rightsOf(template, "archive-calls").filter(({ action }) => action.startsWith("secretsmanager:"));
    expect(read.map(({ action }) => action)).toEqual(["secretsmanager:GetSecretValue"]);
    expect(read[0]?.resource).toMatch(/:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret:ringcentral\/acme-\?{6}$/);
  });
});

describe("the outputs", () => {
  const outputsOf = (options?: StackOptions) =>
    Object.fromEntries(
      Object.entries(templateOf(options).findOutputs("*")).map(([id, output]) => [id, flat(output.Value)]),
    );

  test("say how to store the credential, how to try, how to start, and where things are stored", () => {
    const outputs = outputsOf();

    expect(outputs).toEqual({
      Step1StoreCredential: expect.stringMatching(
        /^aws secretsmanager put-secret-value --region <AWS::Region> --secret-id <CredentialSecret\w+> --secret-string file:\/\/rc\.json$/,
      ),
      Step2DryRun: expect.stringMatching(
        /^aws lambda invoke --region \S+ --function-name <startrunFunction\w+> .*--payload '\{"job":"archive-calls","dryRun":true\}' \/dev\/stdout$/,
      ),
      Step3FirstRun: expect.stringMatching(/^aws lambda invoke .*--payload '\{"job":"archive-calls"\}' \/dev\/stdout$/),
      ArchiveBucket: expect.stringMatching(/^s3:\/\/<BucketsArchive\w+>\/$/),
      DerivedBucket: expect.stringMatching(/^s3:\/\/<BucketsDerived\w+>\/$/),
      StateBucket: expect.stringMatching(/^s3:\/\/<BucketsState\w+>\/$/),
      DashboardUrl:
        "https://console.aws.amazon.com/cloudwatch/home?region=<AWS::Region>#dashboards/dashboard/nightshift-test",
      ActNowTopic: expect.stringMatching(/^<NotificationsActNow\w+>$/),
      ThisWeekTopic: expect.stringMatching(/^<NotificationsThisWeek\w+>$/),
      StartRunFunction: expect.stringMatching(/^<startrunFunction\w+>$/),
      CredentialSecret: expect.stringMatching(/^<CredentialSecret\w+>$/),
      ...Object.fromEntries(Object.entries<JobDeployment>(jobs).flatMap(scheduleOf)),
      Schedulearchivecalls: "cron(30 3 * * ? *) America/New_York",
      AthenaWorkgroup: "nightshift-test",
      AthenaDatabase: "nightshift_test",
      Logstartrun: expect.stringMatching(/^<startrunLog\w+>$/),
      FailedStartEvents: readsEventsOf("FailedStarts"),
      ...Object.fromEntries(Object.keys(jobs).flatMap((job) => tellingOf(job.replaceAll("-", "")))),
    });
  });

  const scheduleOf = ([job, { schedule }]: [string, JobDeployment]) =>
    schedule === undefined ? [] : [[`Schedule${job.replaceAll("-", "")}`, `${schedule} America/New_York`]];
  const readsEventsOf = (id: string) =>
    expect.stringMatching(
      new RegExp(
        `^aws sqs receive-message --region \\S+ --queue-url <${id}\\w+> .*--wait-time-seconds 20 --visibility-timeout 0 `,
      ),
    );
  const tellingOf = (job: string) => [
    [`FailedRunEvents${job}`, readsEventsOf(`${job}FailedRuns`)],
    [
      `Runs${job}`,
      expect.stringMatching(
        new RegExp(`^aws lambda list-durable-executions-by-function .*--function-name <${job}Function\\w+>$`),
      ),
    ],
    [`Function${job}`, expect.stringMatching(new RegExp(`^<${job}Function\\w+>$`))],
    [`Log${job}`, expect.stringMatching(new RegExp(`^<${job}Log\\w+>$`))],
  ];

  test("say when a job starts by the settings, and nothing while they say paused", () => {
    const scheduleOf = (settings: StackOptions["settings"]) =>
      outputsOf({ settings: { jobs: ["archive-calls"], ...settings } }).Schedulearchivecalls;

    expect(scheduleOf({ startAt: { "archive-calls": "04:05" } })).toBe("cron(5 4 * * ? *) America/New_York");
    expect(scheduleOf({ paused: true })).toBeUndefined();
  });

  test("name another job if archive-calls is not deployed", () => {
    const outputs = outputsOf({ settings: { jobs: ["collect-analytics", "build-tables"] } });

    expect(outputs.Step2DryRun).toContain(`--payload '{"job":"collect-analytics","dryRun":true}' `);
    expect(outputs.Step3FirstRun).toContain(`--payload '{"job":"collect-analytics"}' `);
  });

  test("do not request a credential that is stored already", () => {
    const settings = { jobs: ["archive-calls"], credentialSecretName: "ringcentral/acme" };

    expect(Object.keys(outputsOf({ settings }))[0]).toBe("Step2DryRun");
  });
});

describe("the stack", () => {
  test("is deployed to the AWS account and region in the settings", () => {
    const aws = { account: "123456789012", region: "eu-central-1" };

    const { stack } = openStack({ settings: { aws, jobs: ["build-tables"] } });
    expect([stack.account, stack.region]).toEqual([aws.account, aws.region]);
  });

  test("names no resource except alarms, so that two stacks can exist side by side", () => {
    const nameProperties = ["BucketName", "FunctionName", "QueueName", "TopicName", "RoleName", "LogGroupName", "Name"];
    const types = ["S3::Bucket", "SQS::Queue", "SNS::Topic", "IAM::Role", "Logs::LogGroup", "Scheduler::Schedule"];
    const template = templateOf();

    for (const type of [...types, "Lambda::Function", "SecretsManager::Secret"]) {
      for (const { id, Properties } of resourcesOf(template, `AWS::${type}`)) {
        expect(
          Object.keys(Properties).filter((property) => nameProperties.includes(property)),
          id,
        ).toEqual([]);
      }
    }
  });
});

describe("a job that is not deployed", () => {
  const all = templateOf();

  test.each(Object.keys(jobs))("leaves nothing behind, and takes nothing from %s", (name) => {
    const alone = templateOf({ settings: { jobs: [name] } });
    const idsOf = (template: Template) => Object.keys(template.toJSON().Resources);

    expect(idsOf(alone)).toContain(functionOf(all, name).id);
    for (const left of Object.keys(jobs).filter((each) => each !== name)) {
      const id = left.replaceAll("-", "");
      expect(idsOf(all).filter((each) => each.includes(id))).not.toEqual([]);
      expect(idsOf(alone).filter((each) => each.includes(id))).toEqual([]);
      expect(JSON.stringify(functionOf(alone, "start-run").Properties.Environment)).not.toContain(left);
    }
  });
});

describe("a synthesis", () => {
  test("has no warning that an operator must ignore", () => {
    const { app, stack } = openStack({ settings: { kmsKeyArn, signingKeyArn: `${kmsKeyArn.slice(0, -1)}0` } });

    const { messages } = app.synth().getStackArtifact(stack.artifactId);
    expect(messages.map(({ entry }) => entry.data)).toEqual([]);
  });

  test("sets every feature flag of CDK, which reports missing ones each time", () => {
    const flags = createRequire(import.meta.url)("aws-cdk-lib/recommended-feature-flags.json") as object;

    const configured = deployedContext();
    expect(Object.keys(flags).filter((flag) => !(flag in configured))).toEqual([]);
  });
});

describe("cdk-nag", () => {
  const findingsOf = ({ app }: ReturnType<typeof openStack>) =>
    new AwsSolutionsChecks(app).validateScope(app).violations.map(({ ruleName }) => ruleName);

  test.each<[string, StackOptions]>([
    ["as in the example", {}],
    [
      "with every setting and another job",
      { jobs: fourJobs, settings: { kmsKeyArn, objectLock: { mode: "compliance", days: 30 }, paused: true } },
    ],
    [
      "without analytics, with a secret that exists",
      { settings: { jobs: ["archive-calls", "build-tables"], credentialSecretName: "ringcentral/acme" } },
    ],
    ["with archive-calls alone", { settings: { jobs: ["archive-calls"] } }],
  ])("finds nothing %s", (_name, options) => {
    expect(findingsOf(openStack(options))).toEqual([]);
  });

  test("finds a bucket that was added carelessly", () => {
    const open = openStack({ settings: { jobs: ["build-tables"] } });
    new Bucket(open.stack, "Exports");

    expect(findingsOf(open)).toEqual(expect.arrayContaining(["AwsSolutions-S1", "AwsSolutions-S10"]));
  });

  test("finds a permission that is wider than an accepted one", () => {
    const open = openStack({ settings: { jobs: ["build-tables"] } });
    const [job] = open.stack.node.findAll().filter((construct) => construct instanceof Job);
    job?.function.addToRolePolicy(new PolicyStatement({ actions: ["s3:*"], resources: ["*"] }));

    expect(findingsOf(open)).toEqual(["AwsSolutions-IAM5[Action::s3:*]", "AwsSolutions-IAM5[Resource::*]"]);
  });
});
