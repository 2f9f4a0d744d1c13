import { describe, expect, test } from "vitest";
import { jobs } from "../../shared/jobs.ts";
import { flat, functionOf, type Right, resourceOf, resourcesOf, rightsOf, statementsOf } from "./resources.ts";
import { templateOf, twoJobs } from "./stack.ts";

const template = templateOf({ jobs: twoJobs });
const archive = `<${resourceOf(template, "AWS::S3::Bucket", "BucketsArchive").id}.Arn>`;
const state = `<${resourceOf(template, "AWS::S3::Bucket", "BucketsState").id}.Arn>`;
const functions = ["start-run", ...Object.keys(twoJobs)];

const keysOf = (rights: readonly Right[], action: string) =>
  rights.filter((right) => right.action === action).map(({ resource }) => resource);
const under = (bucket: string, prefixes: readonly string[]) => prefixes.map((prefix) => `${bucket}/${prefix}*`);

describe("nobody", () => {
  test("may delete an object, or change a bucket", () => {
    const actions = functions.flatMap((name) => rightsOf(template, name)).map(({ action }) => action);

    expect(actions.filter((action) => /delete|bypass|s3:Put(?!Object$)/i.test(action))).toEqual([]);
    expect(new Set(actions.filter((action) => action.startsWith("s3:")))).toEqual(
      new Set(["s3:GetObject", "s3:PutObject", "s3:ListBucket"]),
    );
  });

  test("has an action by wildcard, or a resource that is a wildcard alone", () => {
    for (const { Properties } of resourcesOf(template, "AWS::IAM::Policy")) {
      for (const { Action, Resource } of statementsOf(Properties.PolicyDocument)) {
        expect([Action].flat().filter((action) => action.includes("*"))).toEqual([]);
        expect(
          [Resource]
            .flat()
            .map(flat)
            .filter((resource) => resource.startsWith("*")),
        ).toEqual([]);
      }
    }
  });

  test("has a policy of AWS's, which allow every log and every execution of the account", () => {
    for (const { Properties } of resourcesOf(template, "AWS::IAM::Role")) {
      expect(Properties.ManagedPolicyArns).toBeUndefined();
      expect(Properties.Policies).toBeUndefined();
    }
  });
});

describe.each(Object.entries(twoJobs))("the job %s", (name, deployment) => {
  const rights = rightsOf(template, name);

  test("reads and writes its own prefixes and nothing else", () => {
    const own = [...under(archive, deployment.archive), ...under(state, deployment.state)];

    expect(keysOf(rights, "s3:GetObject")).toEqual(own);
    expect(keysOf(rights, "s3:PutObject")).toEqual(own);
  });

  test("lists its own prefixes and nothing else", () => {
    const lists = rights.filter(({ action }) => action === "s3:ListBucket");

    const prefixes = (keys: readonly string[]) => ({ StringLike: { "s3:prefix": keys.map((key) => `${key}*`) } });
    expect(lists.map(({ resource, condition }) => [resource, condition])).toEqual([
      [archive, prefixes(deployment.archive)],
      [state, prefixes(deployment.state)],
    ]);
  });

  test("writes down the progress of its own executions", () => {
    const own = `<${functionOf(template, name).id}.Arn>:*`;

    expect(keysOf(rights, "lambda:CheckpointDurableExecution")).toEqual([own]);
    expect(keysOf(rights, "lambda:GetDurableExecutionState")).toEqual([own]);
    expect(keysOf(rights, "lambda:InvokeFunction")).toEqual([]);
  });
});

describe("the credential", () => {
  test("is read by the jobs that ask RingCentral, and by nothing else", () => {
    const readers = functions.filter(
      (name) => keysOf(rightsOf(template, name), "secretsmanager:GetSecretValue").length > 0,
    );

    expect(readers).toEqual(Object.keys(jobs));
  });
});

describe("start-run", () => {
  const rights = rightsOf(template, "start-run");

  test("writes to no bucket", () => {
    expect(keysOf(rights, "s3:PutObject")).toEqual([]);
  });

  test("reads what it estimates a run from, and a key by which it asks S3 for the time", () => {
    expect(keysOf(rights, "s3:GetObject")).toEqual([
      ...under(archive, ["manifests/", "closed/", "ledger/"]),
      ...under(state, ["accounts/", "outcomes/", "written/"]),
    ]);
    expect(rights.filter(({ action }) => action === "s3:ListBucket").map(({ condition }) => condition)).toEqual([
      { StringLike: { "s3:prefix": ["manifests/*", "closed/*", "ledger/*"] } },
      { StringLike: { "s3:prefix": ["accounts/*", "outcomes/*", "written/*"] } },
    ]);
  });

  test("starts the jobs' aliases and no other function", () => {
    const aliases = resourcesOf(template, "AWS::Lambda::Alias").map(({ id }) => `<${id}>`);

    expect(aliases).toHaveLength(2);
    expect(keysOf(rights, "lambda:InvokeFunction").toSorted()).toEqual(aliases.toSorted());
  });
});

describe("a key", () => {
  const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";
  const keyActions = (name: string, options: Parameters<typeof templateOf>[0]) =>
    rightsOf(templateOf(options), name).filter(({ action }) => action.startsWith("kms:"));

  test("is used by nobody unless the settings name one", () => {
    expect(["archive-calls", "start-run"].flatMap((name) => keyActions(name, {}))).toEqual([]);
  });

  test("is used by jobs to read and write, and by start-run to read", () => {
    const settings = { kmsKeyArn };

    expect(keyActions("archive-calls", { settings })).toEqual([
      { action: "kms:Decrypt", resource: kmsKeyArn, condition: undefined },
      { action: "kms:GenerateDataKey", resource: kmsKeyArn, condition: undefined },
    ]);
    expect(keyActions("start-run", { settings }).map(({ action }) => action)).toEqual(["kms:Decrypt"]);
  });
});
