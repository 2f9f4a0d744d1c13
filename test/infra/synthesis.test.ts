import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, test } from "vitest";
import { Job } from "../../infra/constructs/job.ts";
import { JobRunnerStack } from "../../infra/job-runner-stack.ts";
import { Env } from "../../shared/contract.ts";
import { flat, functionOf, resourceOf, resourcesOf, rightsOf } from "./resources.ts";
import { openStack, type StackOptions, settings, templateOf, twoJobs } from "./stack.ts";

const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";

describe("bundles that are missing", () => {
  test("are all named in one sentence that says what to do", () => {
    const bundles = mkdtempSync(join(tmpdir(), "nightshift-none-"));

    const open = () => new JobRunnerStack(new App(), "nightshift-test", { settings, bundles });
    expect(open).toThrow(/^There is no bundle of start-run, archive-calls in .*: run `npm run build` first\.$/);
  });
});

describe("the credential", () => {
  test("is a secret without a value, and stays when the stack goes", () => {
    const { DeletionPolicy, UpdateReplacePolicy, Properties } = resourceOf(templateOf(), "AWS::SecretsManager::Secret");

    expect([Properties.SecretString, Properties.GenerateSecretString, Properties.Name]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(["Retain", "Retain"]);
  });

  test("may be a secret that exists: then none is made, and only that one is read", () => {
    const template = templateOf({ settings: { credentialSecretName: "ringcentral/acme" } });

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

  test("say how to store the credential, how to try, how to start, and where things are", () => {
    const outputs = outputsOf();

    expect(outputs).toEqual({
      Step1StoreCredential: expect.stringMatching(
        /^aws secretsmanager put-secret-value --region <AWS::Region> --secret-id <CredentialSecret\w+> --secret-string file:\/\/rc\.json$/,
      ),
      Step2DryRun: expect.stringMatching(
        /^aws lambda invoke --region \S+ --function-name <startrunFunction\w+> .*--payload '\{"dryRun":true\}' \/dev\/stdout$/,
      ),
      Step3FirstRun: expect.stringMatching(/^aws lambda invoke .*--payload '\{\}' \/dev\/stdout$/),
      ArchiveBucket: expect.stringMatching(/^s3:\/\/<BucketsArchive\w+>\/$/),
      Runsarchivecalls: expect.stringMatching(
        /^aws lambda list-durable-executions-by-function .*--function-name <archivecallsFunction\w+> --qualifier live /,
      ),
      Logarchivecalls: expect.stringMatching(/^aws logs tail --region \S+ <archivecallsLog\w+> --since 1d$/),
    });
  });

  test("do not ask for a credential that is stored already", () => {
    expect(Object.keys(outputsOf({ settings: { credentialSecretName: "ringcentral/acme" } }))[0]).toBe("Step2DryRun");
  });
});

describe("the stack", () => {
  test("goes to the AWS account and region that the settings name", () => {
    const aws = { account: "123456789012", region: "eu-central-1" };

    const { stack } = openStack({ settings: { aws } });
    expect([stack.account, stack.region]).toEqual([aws.account, aws.region]);
  });

  test("gives no resource a name of its own, so that two stacks can live side by side", () => {
    const named = [
      "BucketName",
      "FunctionName",
      "QueueName",
      "TopicName",
      "AlarmName",
      "RoleName",
      "LogGroupName",
      "Name",
    ];
    const types = [
      "S3::Bucket",
      "SQS::Queue",
      "SNS::Topic",
      "CloudWatch::Alarm",
      "IAM::Role",
      "Logs::LogGroup",
      "Scheduler::Schedule",
    ];
    const template = templateOf();

    for (const type of [...types, "Lambda::Function", "SecretsManager::Secret"]) {
      for (const { id, Properties } of resourcesOf(template, `AWS::${type}`)) {
        expect(
          Object.keys(Properties).filter((property) => named.includes(property)),
          id,
        ).toEqual([]);
      }
    }
  });
});

describe("cdk-nag", () => {
  const findingsOf = ({ app }: ReturnType<typeof openStack>) =>
    new AwsSolutionsChecks(app).validateScope(app).violations.map(({ ruleName }) => ruleName);

  test.each<[string, StackOptions]>([
    ["as in the example", {}],
    ["with every setting", { settings: { kmsKeyArn, objectLock: { mode: "compliance", days: 30 }, paused: true } }],
    ["with a secret that exists", { settings: { credentialSecretName: "ringcentral/acme" } }],
    ["with another job", { jobs: twoJobs }],
  ])("finds nothing %s", (_name, options) => {
    expect(findingsOf(openStack(options))).toEqual([]);
  });

  test("finds a bucket that somebody adds without care", () => {
    const open = openStack();
    new Bucket(open.stack, "Exports");

    expect(findingsOf(open)).toEqual(expect.arrayContaining(["AwsSolutions-S1", "AwsSolutions-S10"]));
  });

  test("finds a right that is wider than what was accepted", () => {
    const open = openStack();
    const [job] = open.stack.node.findAll().filter((construct) => construct instanceof Job);
    job?.function.addToRolePolicy(new PolicyStatement({ actions: ["s3:*"], resources: ["*"] }));

    expect(findingsOf(open)).toEqual(["AwsSolutions-IAM5[Action::s3:*]", "AwsSolutions-IAM5[Resource::*]"]);
  });
});
