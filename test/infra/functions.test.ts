import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { ArchiveEnvironment } from "../../shared/archive/settings.ts";
import { Env, liveAlias, processEnvironment } from "../../shared/contract.ts";
import { jobs } from "../../shared/jobs.ts";
import { parseConfig, parseTargets } from "../../shared/runtime/config.ts";
import { flat, functionOf, resourceOf, resourcesOf, statementsOf } from "./resources.ts";
import { settings, templateOf, twoJobs } from "./stack.ts";

const template = templateOf({ jobs: twoJobs });
const notStarted = resourceOf(template, "AWS::SQS::Queue", "NotStarted").id;
const startRun = functionOf(template, "start-run").id;

function environmentOf(name: string): Readonly<Record<string, string>> {
  const { Variables } = functionOf(template, name).Properties.Environment as { readonly Variables: object };
  return Object.fromEntries(Object.entries(Variables).map(([variable, value]) => [variable, flat(value)]));
}

describe.each(Object.entries(twoJobs))("the job %s", (name, deployment) => {
  const job = functionOf(template, name);

  test("is durable from the start, for a week at most, and never runs out of time before a slice ends", () => {
    expect(job.Properties).toMatchObject({
      DurableConfig: { ExecutionTimeout: 7 * 24 * 3600, RetentionPeriodInDays: 14 },
      Timeout: 900,
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
    });
  });

  test("has the memory and the room in /tmp that jobs.ts says", () => {
    expect(job.Properties).toMatchObject({
      MemorySize: deployment.memoryMb,
      EphemeralStorage: { Size: deployment.ephemeralStorageMb },
    });
  });

  test("keeps its versions, on which running executions depend", () => {
    const versions = resourcesOf(template, "AWS::Lambda::Version").filter(
      ({ Properties }) => flat(Properties.FunctionName) === `<${job.id}>`,
    );

    expect(versions).toMatchObject([{ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" }]);
  });

  test("is invoked by its alias, which begins to work only when progress can be written down", () => {
    const alias = resourcesOf(template, "AWS::Lambda::Alias").filter(
      ({ Properties }) => flat(Properties.FunctionName) === `<${job.id}>`,
    );

    expect(alias.map(({ Properties }) => Properties.Name)).toEqual([liveAlias]);
    template.hasResource("AWS::Lambda::Alias", {
      Properties: { FunctionName: { Ref: job.id } },
      DependsOn: [Match.stringLikeRegexp("Checkpoints")],
    });
  });

  test("leaves what failed in a dead-letter queue of its own: Lambda serves no failure destination of a durable function", () => {
    const { TargetArn } = job.Properties.DeadLetterConfig as { readonly TargetArn: unknown };

    const queue = flat(TargetArn);
    expect(queue).toContain(`${name.replaceAll("-", "")}FailedRuns`);
    template.resourcePropertiesCountIs("AWS::Lambda::EventInvokeConfig", { FunctionName: { Ref: job.id } }, 0);
  });
});

describe("start-run", () => {
  test("is tried twice more and then kept, because nobody reads the answer to a schedule", () => {
    template.resourceCountIs("AWS::Lambda::EventInvokeConfig", 1);
    template.hasResourceProperties("AWS::Lambda::EventInvokeConfig", {
      FunctionName: { Ref: startRun },
      Qualifier: "$LATEST",
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": [notStarted, "Arn"] } } },
    });
  });

  test("is no durable function, which could not be invoked synchronously", () => {
    expect(functionOf(template, "start-run").Properties.DurableConfig).toBeUndefined();
  });
});

describe("the environment", () => {
  test.each(["archive-calls", "start-run"])("of %s is what its code reads", (name) => {
    const config = parseConfig(ArchiveEnvironment, environmentOf(name));

    expect(config[Env.timeZone]).toBe(settings.timeZone);
    expect(config[Env.archiveFrom]).toBe(settings.archiveFrom);
    expect(config[Env.archiveBucket]).toContain("BucketsArchive");
    expect(config[Env.stateBucket]).toContain("BucketsState");
  });

  test("of every function has no name that contract.ts does not know", () => {
    const known = new Set<string>([...Object.values(Env), ...Object.keys(processEnvironment)]);

    for (const name of ["start-run", ...Object.keys(twoJobs)]) {
      expect(Object.keys(environmentOf(name)).filter((variable) => !known.has(variable))).toEqual([]);
    }
  });

  test("of every job keeps its process small", () => {
    for (const name of Object.keys(twoJobs)) expect(environmentOf(name)).toMatchObject(processEnvironment);
  });

  test("names the credential to the jobs that ask RingCentral, and to nothing else", () => {
    expect(environmentOf("archive-calls")[Env.credentialSecret]).toContain("CredentialSecret");
    expect(environmentOf("count-files")[Env.credentialSecret]).toBeUndefined();
    expect(environmentOf("start-run")[Env.credentialSecret]).toBeUndefined();
  });

  test("tells start-run the alias of every job", () => {
    const aliases = resourcesOf(template, "AWS::Lambda::Alias");

    const targets = parseTargets(environmentOf("start-run"));
    expect(Object.keys(targets)).toEqual(Object.keys(twoJobs));
    expect(Object.values(targets).toSorted()).toEqual(aliases.map(({ id }) => `<${id}>`).toSorted());
  });
});

describe("every log", () => {
  test("is kept for three months, or as long as the settings say", () => {
    const kept = templateOf({ settings: { logRetentionDays: 400 } });

    expect(resourcesOf(template, "AWS::Logs::LogGroup")).toHaveLength(3);
    template.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 90 });
    kept.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 400 });
  });

  test("belongs to a function", () => {
    for (const { Properties } of resourcesOf(template, "AWS::Lambda::Function")) {
      expect(flat((Properties.LoggingConfig as { readonly LogGroup: unknown }).LogGroup)).toMatch(/Log/);
    }
  });
});

describe("every queue", () => {
  test("is encrypted and refuses what does not come over TLS", () => {
    const queues = resourcesOf(template, "AWS::SQS::Queue");

    template.allResourcesProperties("AWS::SQS::Queue", { SqsManagedSseEnabled: true });
    expect(resourcesOf(template, "AWS::SQS::QueuePolicy")).toHaveLength(queues.length);
    for (const { Properties } of resourcesOf(template, "AWS::SQS::QueuePolicy")) {
      expect(statementsOf(Properties.PolicyDocument)).toMatchObject([
        { Effect: "Deny", Action: "sqs:*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
      ]);
    }
  });
});

describe("every night", () => {
  const schedules = resourcesOf(template, "AWS::Scheduler::Schedule");

  test("a schedule asks start-run for each job, by the account's clock", () => {
    expect(schedules.map(({ Properties }) => [Properties.ScheduleExpression, Properties.State])).toEqual([
      [jobs["archive-calls"].schedule, "ENABLED"],
      [twoJobs["count-files"].schedule, "ENABLED"],
    ]);
    for (const { Properties } of schedules) {
      expect(Properties.ScheduleExpressionTimezone).toBe("America/New_York");
      expect(flat((Properties.Target as { readonly Arn: unknown }).Arn)).toBe(`<${startRun}.Arn>`);
    }
  });

  test("a run is named by its scheduled time, so that what is delivered twice starts once", () => {
    const inputs = schedules.map(({ Properties }) =>
      JSON.parse((Properties.Target as { readonly Input: string }).Input),
    );

    const scheduledTime = "<aws.scheduler.scheduled-time>";
    expect(inputs).toEqual(Object.keys(twoJobs).map((job) => ({ job, scheduledTime })));
  });

  test("what cannot be delivered is tried again for two hours and then kept", () => {
    for (const { Properties } of schedules) {
      expect(Properties.Target).toMatchObject({
        RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 7200 },
        DeadLetterConfig: { Arn: { "Fn::GetAtt": [notStarted, "Arn"] } },
      });
    }
  });

  test("a schedule may ask start-run and nothing else, in this AWS account only", () => {
    for (const { id } of resourcesOf(template, "AWS::IAM::Role").filter((role) => role.id.startsWith("Nightly"))) {
      template.hasResourceProperties("AWS::IAM::Policy", {
        Roles: [{ Ref: id }],
        PolicyDocument: {
          Statement: [
            {
              Action: "lambda:InvokeFunction",
              Effect: "Allow",
              Resource: Match.arrayWith([{ "Fn::GetAtt": [startRun, "Arn"] }]),
            },
            { Action: "sqs:SendMessage", Effect: "Allow", Resource: { "Fn::GetAtt": [notStarted, "Arn"] } },
          ],
        },
      });
      expect(resourceOf(template, "AWS::IAM::Role", id).Properties.AssumeRolePolicyDocument).toMatchObject({
        Statement: [{ Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } } }],
      });
    }
  });

  test("a job starts at the time that the settings say, if they do", () => {
    const moved = templateOf({ settings: { startAt: { "archive-calls": "04:05" } } });

    moved.hasResourceProperties("AWS::Scheduler::Schedule", { ScheduleExpression: "cron(5 4 * * ? *)" });
  });

  test("nothing starts while the settings say paused", () => {
    templateOf({ settings: { paused: true } }).allResourcesProperties("AWS::Scheduler::Schedule", {
      State: "DISABLED",
    });
  });

  test("no job is due between 01:00 and 03:00, which a change of clocks may skip", () => {
    for (const { schedule } of Object.values(jobs))
      expect(schedule).toMatch(/^cron\(\d+ (?:0|[3-9]|1\d|2[0-3]) \* \* \? \*\)$/);
  });
});
