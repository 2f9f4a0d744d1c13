import { Match, type Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { Env, liveAlias, processEnvironment } from "../../shared/contract.ts";
import { groups, metrics } from "../../shared/core/analytics/analytics-names.ts";
import { ArchiveEnvironment, ArchiveJobEnvironment } from "../../shared/jobs/archive-calls/environment.ts";
import { AnalyticsEnvironment, AnalyticsJobEnvironment } from "../../shared/jobs/collect-analytics/environment.ts";
import { jobs } from "../../shared/jobs.ts";
import { parseConfig, parseTargets } from "../../shared/runtime/config.ts";
import { StorageEnvironment } from "../../shared/wiring/environment.ts";
import { flat, functionOf, resourceOf, resourcesOf } from "../support/infra/resources.ts";
import { countFiles, fourJobs, settings, templateOf } from "../support/infra/stack.ts";

const template = templateOf({ jobs: fourJobs });
const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const sharingJobs = { ...fourJobs, "count-files": { ...countFiles, rateGroup: "heavy" } } as const;
/** Every setting of a function, in one stack, because synthesising one takes longer than the tests of it. */
const configured = templateOf({
  jobs: sharingJobs,
  settings: {
    notify: { ...settings.notify, morningNote: ["team@example.com"] },
    analytics: { groups: [...groups], metrics: [...metrics], recollectDays: 30 },
    ...{ kmsKeyArn: keyArn, signingKeyArn: keyArn.replace("11111111", "22222222"), logRetentionDays: 400 },
  },
});
const failedStarts = resourceOf(template, "AWS::SQS::Queue", "FailedStarts").id;
const startRun = functionOf(template, "start-run").id;

function environmentOf(name: string, of = template): Readonly<Record<string, string>> {
  const { Variables } = functionOf(of, name).Properties.Environment as { readonly Variables: object };
  return Object.fromEntries(Object.entries(Variables).map(([variable, value]) => [variable, flat(value)]));
}

describe.each(Object.entries(fourJobs))("the job %s", (name, deployment) => {
  const job = functionOf(template, name);

  test("is durable from the start, for a week at most, and a slice always ends before its timeout", () => {
    expect(job.Properties).toMatchObject({
      DurableConfig: { ExecutionTimeout: 7 * 24 * 3600, RetentionPeriodInDays: 14 },
      Timeout: 900,
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
    });
  });

  test("encrypts its executions with the settings' key, if there is one", () => {
    const keys = [configured, template].map((of) => Object(functionOf(of, name).Properties.DurableConfig).KMSKeyArn);

    expect(keys).toEqual([keyArn, undefined]);
  });

  test("has the memory and the size of /tmp that jobs.ts says", () => {
    expect(job.Properties).toMatchObject({
      MemorySize: deployment.memoryMb,
      EphemeralStorage: { Size: deployment.ephemeralStorageMb },
    });
  });

  test("keeps its versions, on which running executions depend, except after a failed deployment", () => {
    const versions = resourcesOf(template, "AWS::Lambda::Version").filter(
      ({ Properties }) => flat(Properties.FunctionName) === `<${job.id}>`,
    );

    expect(versions).toMatchObject([{ DeletionPolicy: "RetainExceptOnCreate", UpdateReplacePolicy: "Retain" }]);
  });

  test("is invoked by its alias, which exists only once the job may checkpoint", () => {
    const alias = resourcesOf(template, "AWS::Lambda::Alias").filter(
      ({ Properties }) => flat(Properties.FunctionName) === `<${job.id}>`,
    );

    expect(alias.map(({ Properties }) => Properties.Name)).toEqual([liveAlias]);
    template.hasResource("AWS::Lambda::Alias", {
      Properties: { FunctionName: { Ref: job.id } },
      DependsOn: [Match.stringLikeRegexp("Checkpoints")],
    });
  });

  test("sends failed events to its own dead-letter queue, because Lambda has no failure destination for a durable function", () => {
    const { TargetArn } = job.Properties.DeadLetterConfig as { readonly TargetArn: unknown };

    const queue = flat(TargetArn);
    expect(queue).toContain(`${name.replaceAll("-", "")}FailedRuns`);
    template.resourcePropertiesCountIs("AWS::Lambda::EventInvokeConfig", { FunctionName: { Ref: job.id } }, 0);
  });
});

describe("start-run", () => {
  test("is tried twice more and then its event is kept, because a schedule reads no response", () => {
    template.resourceCountIs("AWS::Lambda::EventInvokeConfig", 1);
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      FunctionName: { Ref: startRun },
      Qualifier: "$LATEST",
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": [failedStarts, "Arn"] } } },
    });
  });

  test("is no durable function, which could not be invoked synchronously", () => {
    expect(functionOf(template, "start-run").Properties.DurableConfig).toBeUndefined();
  });
});

describe("the environment", () => {
  test.each([
    ["archive-calls", ArchiveJobEnvironment],
    ["collect-analytics", AnalyticsJobEnvironment],
    ["build-tables", StorageEnvironment],
    ["start-run", z.extend(ArchiveEnvironment, AnalyticsEnvironment.shape)],
  ])("of %s has exactly the variables that its code reads", (name, schema) => {
    expect(parseConfig(schema, environmentOf(name))).toMatchObject({
      [Env.timeZone]: settings.timeZone,
      [Env.archiveBucket]: expect.stringContaining("BucketsArchive"),
      [Env.stateBucket]: expect.stringContaining("BucketsState"),
      [Env.derivedBucket]: expect.stringContaining("BucketsDerived"),
    });
  });

  test("contains the archive's first day", () => {
    for (const name of ["archive-calls", "start-run"])
      expect(environmentOf(name)[Env.archiveFrom]).toBe(settings.archiveFrom);
  });

  test("gives the analytics settings in the form that the code parses, unchanged", () => {
    const config = parseConfig(AnalyticsJobEnvironment, environmentOf("collect-analytics", configured));

    expect([config[Env.analyticsGroups], config[Env.analyticsMetrics], config[Env.recollectDays]]).toEqual([
      groups,
      metrics,
      30,
    ]);
  });

  test("of every function has only names that contract.ts defines", () => {
    const known = new Set<string>([...Object.values(Env), ...Object.keys(processEnvironment)]);

    for (const name of ["start-run", ...Object.keys(fourJobs)]) {
      expect(Object.keys(environmentOf(name)).filter((variable) => !known.has(variable))).toEqual([]);
    }
  });

  test("of every job keeps its process small", () => {
    for (const name of Object.keys(fourJobs)) expect(environmentOf(name)).toMatchObject(processEnvironment);
  });

  test("names the credential and the token's scopes to the jobs that send RingCentral requests, and to no other function", () => {
    for (const name of ["archive-calls", "collect-analytics"]) {
      expect(environmentOf(name)[Env.credentialSecret]).toContain("CredentialSecret");
      expect(environmentOf(name)[Env.scopes]).toBe("Analytics ReadAccounts ReadCallLog ReadCallRecording");
    }
    for (const name of ["build-tables", "count-files", "start-run"]) {
      expect(environmentOf(name)).not.toHaveProperty(Env.credentialSecret);
      expect(environmentOf(name)).not.toHaveProperty(Env.scopes);
    }
  });

  test.each([
    [["archive-calls", "build-tables"], "archive-calls", "ReadAccounts ReadCallLog ReadCallRecording"],
    [["collect-analytics"], "collect-analytics", "Analytics ReadAccounts"],
  ])("requests no scope that %j do not need, because an app may lack it", (jobs, name, scopes) => {
    expect(environmentOf(name, templateOf({ settings: { jobs } }))[Env.scopes]).toBe(scopes);
  });

  test("says that pages are built if the jobs build them, so that the morning note names no page that is not there", () => {
    const notify = { ...settings.notify, morningNote: ["team@example.com"] };
    const buildsPages = (of: Template) => environmentOf("report-status", of)[Env.buildsPages];
    const withJobs = (jobs: string[]) => buildsPages(templateOf({ settings: { notify, jobs } }));

    expect(buildsPages(configured)).toBe("true");
    expect(withJobs(["build-tables", "report-status"])).toBeUndefined();
    expect(withJobs(["build-pages", "report-status"])).toBeUndefined();
  });

  test("names the other deployed jobs of its rate group to a job, if there are any", () => {
    const of = (name: string, template?: Template) => environmentOf(name, template)[Env.rateGroupJobs];
    const alone = templateOf({ jobs: sharingJobs, settings: { jobs: ["archive-calls", "build-tables"] } });

    const namesIn = (template?: Template) => Object.keys(fourJobs).flatMap((name) => of(name, template) ?? []);

    expect(namesIn()).toEqual(["check-access", "collect-analytics"]);
    expect([of("archive-calls", configured), of("count-files", configured)]).toEqual(["count-files", "archive-calls"]);
    expect(namesIn(configured)).toHaveLength(4);
    expect(of("archive-calls", alone)).toBeUndefined();
  });

  test("gives the analytics settings to all functions that read them, and to no other", () => {
    for (const name of ["start-run", "collect-analytics"]) {
      expect(environmentOf(name, configured)).toMatchObject({
        [Env.analyticsGroups]: expect.stringMatching(/^Company,Users,/),
        [Env.analyticsMetrics]: expect.stringMatching(/^allCalls,callsByDirection,/),
        [Env.recollectDays]: "30",
      });
      for (const variable of [Env.analyticsGroups, Env.analyticsMetrics, Env.recollectDays])
        expect(environmentOf(name)).not.toHaveProperty(variable);
    }
  });

  test("names the signing key to the jobs that write a ledger, and to no other function", () => {
    const signing = ["start-run", ...Object.keys(jobs)].filter(
      (name) => Env.signingKeyArn in environmentOf(name, configured),
    );
    const keepers = Object.keys(jobs).filter((job) => "keeps" in jobs[job as keyof typeof jobs]);
    expect(keepers).toEqual(expect.arrayContaining(["archive-calls", "collect-analytics"]));
    expect(signing).toEqual(keepers);
  });

  test("gives start-run the alias of every job", () => {
    const aliases = resourcesOf(template, "AWS::Lambda::Alias");

    const targets = parseTargets(environmentOf("start-run"));
    expect(Object.keys(targets)).toEqual(Object.keys(fourJobs));
    expect(Object.values(targets).toSorted()).toEqual(aliases.map(({ id }) => `<${id}>`).toSorted());
  });
});

describe("every log", () => {
  test("is kept for three months, or as long as the settings say", () => {
    expect(resourcesOf(template, "AWS::Logs::LogGroup")).toHaveLength(Object.keys(fourJobs).length + 1);
    template.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 90 });
    configured.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 400 });
  });

  test("belongs to a function", () => {
    for (const { Properties } of resourcesOf(template, "AWS::Lambda::Function")) {
      expect(flat((Properties.LoggingConfig as { readonly LogGroup: unknown }).LogGroup)).toMatch(/Log/);
    }
  });
});
