import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { StatePrefix } from "../../shared/contract.ts";
import { bucketNames, type JobDeployment, type Prefixes, readsOf } from "../../shared/job-deployment.ts";
import { jobs } from "../../shared/jobs.ts";
import {
  flat,
  functionOf,
  type Right,
  resourceOf,
  resourcesOf,
  rightsOf,
  statementsOf,
} from "../support/infra/resources.ts";
import { countFiles, fourJobs, templateOf } from "../support/infra/stack.ts";

const template = templateOf({ jobs: fourJobs });
const arnOf = (bucket: string) => `<${resourceOf(template, "AWS::S3::Bucket", bucket).id}.Arn>`;
const buckets = { archive: arnOf("BucketsArchive"), state: arnOf("BucketsState"), derived: arnOf("BucketsDerived") };
const { archive, derived } = buckets;
const functions = ["start-run", ...Object.keys(fourJobs)];

const keysOf = (rights: readonly Right[], action: string) =>
  rights.filter((right) => right.action === action).map(({ resource }) => resource);
/** The jobs of which something is true. */
const namesOf = (isMeant: (job: JobDeployment) => boolean) =>
  Object.entries(fourJobs).flatMap(([name, job]) => (isMeant(job) ? [name] : []));
const listed = (keys: readonly string[]) => ({ StringLike: { "s3:prefix": keys.map((key) => `${key}*`) } });
const prefixesIn = (condition: unknown) => new Set((condition as ReturnType<typeof listed>).StringLike["s3:prefix"]);
const under = (bucket: string, prefixes: readonly string[]) => prefixes.map((prefix) => `${bucket}/${prefix}*`);
/** The prefixes of all these, by bucket; a bucket without any is left out. */
const byBucket = (...given: readonly (Prefixes | undefined)[]) =>
  bucketNames.flatMap((bucket) => {
    const prefixes = given.flatMap((each) => each?.[bucket] ?? []);
    return prefixes.length > 0 ? [{ bucket: buckets[bucket], prefixes }] : [];
  });
const underAll = (...given: readonly (Prefixes | undefined)[]) =>
  byBucket(...given).flatMap(({ bucket, prefixes }) => under(bucket, prefixes));

describe("no role", () => {
  test("may delete an object, or change a bucket", () => {
    const actions = functions.flatMap((name) => rightsOf(template, name)).map(({ action }) => action);

    expect(actions.filter((action) => /delete|bypass|s3:Put(?!Object$)/i.test(action))).toEqual([]);
    expect(new Set(actions.filter((action) => action.startsWith("s3:")))).toEqual(
      new Set(["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:GetLifecycleConfiguration"]),
    );
  });

  test("has an action with a wildcard, or a resource that is only a wildcard", () => {
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

  test("has a policy managed by AWS, which would allow every log and every execution of the account", () => {
    for (const { Properties } of resourcesOf(template, "AWS::IAM::Role")) {
      expect(Properties.ManagedPolicyArns).toBeUndefined();
      expect(Properties.Policies).toBeUndefined();
    }
  });
});

describe.each(Object.entries(fourJobs))("the job %s", (name, deployment) => {
  const { writes, writesOnly, lists } = deployment;
  const reads = readsOf(deployment, Object.values(fourJobs));
  const rights = rightsOf(template, name);

  test("writes its own prefixes and nothing else", () => {
    expect(keysOf(rights, "s3:PutObject")).toEqual(underAll(writes, writesOnly));
  });

  test("reads what it writes and what it is said to read, and nothing else", () => {
    expect(keysOf(rights, "s3:GetObject")).toEqual(underAll(writes, reads));
  });

  test("lists what it reads and what it is said to list, and nothing else", () => {
    const mayList = rights.filter(({ action }) => action === "s3:ListBucket");

    expect(mayList.map(({ resource, condition }) => [resource, condition])).toEqual(
      byBucket(writes, reads, lists).map(({ bucket, prefixes }) => [bucket, listed(prefixes)]),
    );
  });

  test("checkpoints its own executions", () => {
    const own = `<${functionOf(template, name).id}.Arn>:*`;

    expect(keysOf(rights, "lambda:CheckpointDurableExecution")).toEqual([own]);
    expect(keysOf(rights, "lambda:GetDurableExecutionState")).toEqual([own]);
    expect(keysOf(rights, "lambda:InvokeFunction")).toEqual([]);
  });
});

describe("in the archive,", () => {
  const touches = (name: string, action: string, bucket = archive) =>
    keysOf(rightsOf(template, name), action).flatMap((key) =>
      key.startsWith(bucket) ? [key.slice(bucket.length + 1)] : [],
    );

  test("archive-calls does not touch the analytics", () => {
    const calls = ["calls/*", "recordings/*", "manifests/*", "ledger/*"];

    expect(touches("archive-calls", "s3:PutObject")).toEqual(calls);
    expect(touches("archive-calls", "s3:GetObject")).toEqual(calls);
  });

  test("collect-analytics touches the analytics only", () => {
    expect(touches("collect-analytics", "s3:PutObject")).toEqual(["analytics/*"]);
    expect(touches("collect-analytics", "s3:GetObject")).toEqual(["analytics/*"]);
  });

  test("build-tables writes nothing, and does not read recordings", () => {
    expect(touches("build-tables", "s3:PutObject")).toEqual([]);
    expect(touches("build-tables", "s3:GetObject")).toEqual([
      ...["calls/*", "manifests/*"],
      ...["analytics/manifests/*", "analytics/responses/*"],
    ]);
  });

  test("verify-archive reads what any job keeps, also one that is not deployed, and the indexes and events of its days", () => {
    const { "archive-calls": archiveCalls, "verify-archive": verifyArchive } = jobs;
    const counts = {
      ...countFiles,
      keeps: "analytics",
      writes: { archive: ["counts/"], state: ["analytics/events/"] },
    } as const;
    const known = { "archive-calls": archiveCalls, "count-files": counts, "verify-archive": verifyArchive };
    const settings = { jobs: ["archive-calls", "verify-archive"] };
    const rights = rightsOf(templateOf({ jobs: known, settings }), "verify-archive");

    expect(keysOf(rights, "s3:GetObject").map((key) => key.split("/").slice(1).join("/"))).toEqual([
      ...["verifications/*", "calls/*", "recordings/*", "manifests/*", "ledger/*", "counts/*"],
      ...["owners/*", "verifications/*", "accounts/*", "intents/*", "index/*", "events/*", "analytics/events/*"],
      ...["tables/*", "figures/*", "pages/*", "built/*"],
    ]);
  });

  test("only one job writes what is in the derived bucket, only those that need it read it, and start-run reads indexes alone", () => {
    const reaching = (action: string, prefix: string) =>
      functions.filter((name) => touches(name, action, derived).includes(prefix));

    expect(reaching("s3:PutObject", "tables/*")).toEqual(["build-tables"]);
    expect(reaching("s3:GetObject", "tables/*")).toEqual(["build-tables", "build-pages", "verify-archive"]);
    for (const prefix of ["figures/*", "pages/*"]) expect(reaching("s3:PutObject", prefix)).toEqual(["build-pages"]);
    expect(reaching("s3:GetObject", "figures/*")).toEqual(["build-pages", "verify-archive"]);
    expect(reaching("s3:GetObject", "pages/*")).toEqual(["verify-archive"]);
    expect(reaching("s3:PutObject", "built/*")).toEqual(["build-tables"]);
    expect(reaching("s3:PutObject", "built/pages.json.gz*")).toEqual(["build-pages"]);
    expect(reaching("s3:GetObject", "built/tables.json*")).toEqual(["build-pages"]);
    expect(reaching("s3:GetObject", "built/*")).toEqual([
      "start-run",
      "build-tables",
      "verify-archive",
      "check-access",
    ]);
  });
});

describe("the credential", () => {
  test("is read by the jobs that send RingCentral requests, and by no other function", () => {
    const readers = functions.filter(
      (name) => keysOf(rightsOf(template, name), "secretsmanager:GetSecretValue").length > 0,
    );

    expect(readers).toEqual(namesOf(({ scopes }) => scopes.length > 0));
  });
});

describe("start-run", () => {
  const rights = rightsOf(template, "start-run");

  test("writes to no bucket", () => {
    expect(keysOf(rights, "s3:PutObject")).toEqual([]);
  });

  test("reads what it estimates any job's run from, a key whose response gives it S3's time, and which jobs are paused", () => {
    const pauses = { state: [StatePrefix.pauses] };
    const reads = [...Object.values(fourJobs).map(({ estimateReads }) => estimateReads), pauses];
    const lists = Object.values(fourJobs).map(({ estimateReads }) => estimateReads.lists);
    const mayList = rights.filter(({ action }) => action === "s3:ListBucket").map(({ condition }) => condition);

    expect(new Set(keysOf(rights, "s3:GetObject"))).toEqual(new Set(underAll(...reads)));
    expect(mayList.map(prefixesIn)).toEqual(
      byBucket(...reads, ...lists).map(({ prefixes }) => prefixesIn(listed(prefixes))),
    );
  });

  test("reads no more than the deployed jobs are estimated from, and which are paused", () => {
    const alone = rightsOf(templateOf({ settings: { jobs: ["collect-analytics"] } }), "start-run");

    expect(keysOf(alone, "s3:GetObject").map((key) => key.split("/").slice(1).join("/"))).toEqual([
      "analytics/manifests/*",
      "analytics/ledger/*",
      "accounts/*",
      "analytics/events/*",
      "analytics/index/*",
      "pauses/*",
    ]);
  });

  test("starts the jobs' aliases and no other function", () => {
    const aliases = resourcesOf(template, "AWS::Lambda::Alias").map(({ id }) => `<${id}>`);

    expect(aliases).toHaveLength(Object.keys(fourJobs).length);
    expect(keysOf(rights, "lambda:InvokeFunction").toSorted()).toEqual(aliases.toSorted());
  });
});

describe("a queue", () => {
  const queue = (name: string) => `<${resourceOf(template, "AWS::SQS::Queue", name).id}.Arn>`;

  test("gets events from the function whose events it keeps, and no role reads it", () => {
    const used = functions.map((name) => rightsOf(template, name).filter(({ action }) => action.startsWith("sqs:")));

    const kept = functions.map((name) =>
      name === "start-run" ? "FailedStarts" : `${name.replaceAll("-", "")}FailedRuns`,
    );
    expect(used).toEqual(
      kept.map((name) => [{ action: "sqs:SendMessage", resource: queue(name), condition: undefined }]),
    );
  });
});

describe("a key", () => {
  const kmsKeyArn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";
  const signingKeyArn = kmsKeyArn.replace("11111111", "22222222");
  const writer = { ...countFiles, writes: {}, writesOnly: { archive: ["counts/"] } };
  const encrypted = templateOf({ jobs: { ...jobs, "count-files": writer }, settings: { kmsKeyArn, signingKeyArn } });
  const keyRights = (of: Template, name: string) =>
    rightsOf(of, name).filter(({ action }) => action.startsWith("kms:"));
  const rightsTo = (key: string, name: string) => keyRights(encrypted, name).filter(({ resource }) => resource === key);

  test("is used by no role unless the settings name one", () => {
    expect(functions.flatMap((name) => keyRights(template, name))).toEqual([]);
  });

  test("is used by jobs to read and write, and by start-run to read", () => {
    for (const name of Object.keys(jobs)) {
      expect(rightsTo(kmsKeyArn, name)).toEqual([
        { action: "kms:Decrypt", resource: kmsKeyArn, condition: undefined },
        { action: "kms:GenerateDataKey", resource: kmsKeyArn, condition: undefined },
      ]);
    }
    expect(rightsTo(kmsKeyArn, "start-run").map(({ action }) => action)).toEqual(["kms:Decrypt"]);
  });

  test("is used for writing by a job that reads nothing of what it writes, which may not list it either", () => {
    const rights = rightsOf(encrypted, "count-files");

    expect(keysOf(rights, "s3:PutObject")).toEqual(under(archive, ["counts/"]));
    expect(keysOf(rights, "s3:GetObject")).toEqual([]);
    expect(keysOf(rights, "s3:ListBucket")).toEqual([]);
    expect(keysOf(rights, "kms:GenerateDataKey")).toEqual([kmsKeyArn]);
  });

  test("signs only the ledgers of the jobs that write one", () => {
    const others = (name: string) => keyRights(encrypted, name).filter(({ resource }) => resource !== kmsKeyArn);
    const rights = ["start-run", ...Object.keys(jobs)].map((name) => [name, others(name)]);
    const right = (action: string) => ({ action, resource: signingKeyArn, condition: undefined });
    const keepers = namesOf(({ keeps }) => keeps !== undefined);
    const verifiers = namesOf(({ verifies = false }) => verifies);
    expect(keepers).toEqual(expect.arrayContaining(["archive-calls", "collect-analytics"]));
    expect(verifiers).toEqual(["verify-archive"]);
    expect(rights).toEqual(
      ["start-run", ...Object.keys(jobs)].map((name) => [
        name,
        [
          ...(keepers.includes(name) ? [right("kms:Sign")] : []),
          ...(verifiers.includes(name) ? [right("kms:GetPublicKey")] : []),
        ],
      ]),
    );
  });
});
