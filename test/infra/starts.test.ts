import { describe, expect, test } from "vitest";
import type { JobDeployment } from "../../shared/job-deployment.ts";
import { jobs } from "../../shared/jobs.ts";
import { flat, functionOf, resourceOf, resourcesOf, statementsOf } from "../support/infra/resources.ts";
import { fourJobs, templateOf } from "../support/infra/stack.ts";

const template = templateOf({ jobs: fourJobs });
const failedStarts = resourceOf(template, "AWS::SQS::Queue", "FailedStarts").id;
const startRun = functionOf(template, "start-run").id;

describe("every night,", () => {
  const schedules = resourcesOf(template, "AWS::Scheduler::Schedule");
  const scheduled = Object.entries(fourJobs).filter(([, { schedule }]) => schedule !== undefined);

  test("a schedule sends start-run a request for each job that has one, by the account's clock", () => {
    expect(schedules.map(({ Properties }) => [Properties.ScheduleExpression, Properties.State])).toEqual(
      scheduled.map(([, { schedule }]) => [schedule, "ENABLED"]),
    );
    expect(scheduled.map(([job]) => job)).toEqual(expect.arrayContaining(["archive-calls", "count-files"]));
    for (const { Properties } of schedules) {
      expect(Properties.ScheduleExpressionTimezone).toBe("America/New_York");
      expect(flat((Properties.Target as { readonly Arn: unknown }).Arn)).toBe(`<${startRun}.Arn>`);
    }
  });

  test("a run is named by its scheduled time, so that a repeated event starts it once", () => {
    const inputs = schedules.map(({ Properties }) =>
      JSON.parse((Properties.Target as { readonly Input: string }).Input),
    );

    const scheduledTime = "<aws.scheduler.scheduled-time>";
    expect(inputs).toEqual(scheduled.map(([job]) => ({ job, scheduledTime })));
  });

  test("an event that cannot be delivered is retried for two hours and then kept", () => {
    for (const { Properties } of schedules) {
      expect(Properties.Target).toMatchObject({
        RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 7200 },
        DeadLetterConfig: { Arn: { "Fn::GetAtt": [failedStarts, "Arn"] } },
      });
    }
  });

  test("a schedule may invoke start-run and nothing else, in this AWS account only", () => {
    for (const { id } of resourcesOf(template, "AWS::IAM::Role").filter((role) => role.id.startsWith("Nightly"))) {
      template.hasResourceProperties("AWS::IAM::Policy", {
        Roles: [{ Ref: id }],
        PolicyDocument: {
          Statement: [
            {
              Action: "lambda:InvokeFunction",
              Effect: "Allow",
              Resource: { "Fn::GetAtt": [startRun, "Arn"] },
            },
            { Action: "sqs:SendMessage", Effect: "Allow", Resource: { "Fn::GetAtt": [failedStarts, "Arn"] } },
          ],
        },
      });
      expect(resourceOf(template, "AWS::IAM::Role", id).Properties.AssumeRolePolicyDocument).toMatchObject({
        Statement: [{ Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } } }],
      });
    }
  });

  test("a job starts at the time in the settings, if there is one", () => {
    const moved = templateOf({ settings: { startAt: { "archive-calls": "04:05" } } });

    moved.hasResourceProperties("AWS::Scheduler::Schedule", { ScheduleExpression: "cron(5 4 * * ? *)" });
  });

  test("nothing starts automatically while the settings say paused", () => {
    const paused = templateOf({ settings: { paused: true } });

    paused.allResourcesProperties("AWS::Scheduler::Schedule", { State: "DISABLED" });
    for (const job of ["buildtables", "buildpages"])
      expect(resourceOf(paused, "AWS::Events::Rule", `After${job}`).Properties.State).toBe("DISABLED");
  });

  test("no job is due between 01:00 and 03:00, which a change of clocks may skip", () => {
    for (const { schedule } of Object.values<JobDeployment>(jobs))
      if (schedule) expect(schedule).toMatch(/^cron\(\d+ (?:0|[3-9]|1\d|2[0-3]) \* \* \? \*\)$/);
  });
});

describe.each([
  ["build-tables", ["archive-calls", "collect-analytics"]],
  ["build-pages", ["build-tables", "verify-archive"]],
])("after other jobs comes %s:", (job, waitsFor) => {
  const rule = resourceOf(template, "AWS::Events::Rule", `After${job.replace("-", "")}`);

  test("a rule gets every end of a run of these, successful or not, of any version", () => {
    const arns = waitsFor.map((name) => ({ prefix: { "Fn::GetAtt": [functionOf(template, name).id, "Arn"] } }));

    expect(rule.Properties).toMatchObject({
      State: "ENABLED",
      EventPattern: {
        source: ["aws.lambda"],
        "detail-type": ["Durable Execution Status Change"],
        detail: { status: ["SUCCEEDED", "FAILED", "TIMED_OUT", "STOPPED"], functionArn: arns },
      },
    });
    expect(rule.Properties.EventBusName).toBeUndefined();
  });

  test("start-run gets the job with the event's own time, so that a repeated event starts it once", () => {
    const [target, ...others] = rule.Properties.Targets as readonly Readonly<Record<string, unknown>>[];

    expect(others).toEqual([]);
    expect(flat(target?.Arn)).toBe(`<${startRun}.Arn>`);
    expect(delivered(target?.InputTransformer as InputTransformer, { time: "2026-11-04T08:30:00Z" })).toEqual({
      job,
      scheduledTime: "2026-11-04T08:30:00Z",
    });
  });

  test("an event that cannot be delivered is retried for two hours and then kept", () => {
    expect(rule.Properties.Targets).toMatchObject([
      {
        RetryPolicy: { MaximumRetryAttempts: 10, MaximumEventAgeInSeconds: 7200 },
        DeadLetterConfig: { Arn: { "Fn::GetAtt": [failedStarts, "Arn"] } },
      },
    ]);
  });

  test("events invoke start-run and fill its queue by these rules only", () => {
    const rules = resourcesOf(template, "AWS::Events::Rule").map(({ id }) => ({ "Fn::GetAtt": [id, "Arn"] }));

    expect(rules).toHaveLength(3);
    expect(resourcesOf(template, "AWS::Lambda::Permission").map(({ Properties }) => Properties)).toEqual(
      rules.map((ruleArn) => ({
        Action: "lambda:InvokeFunction",
        FunctionName: { "Fn::GetAtt": [startRun, "Arn"] },
        Principal: "events.amazonaws.com",
        SourceArn: ruleArn,
      })),
    );
    const { PolicyDocument } = resourceOf(template, "AWS::SQS::QueuePolicy", "FailedStarts").Properties;
    expect(statementsOf(PolicyDocument).filter(({ Effect }) => Effect === "Allow")).toMatchObject(
      rules.map((ruleArn) => ({
        Action: "sqs:SendMessage",
        Principal: { Service: "events.amazonaws.com" },
        Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
      })),
    );
  });

  test("a job waits for those that are deployed, and for nothing if none is", () => {
    const without = templateOf({ settings: { jobs: ["archive-calls", "build-tables"] } });
    const alone = templateOf({ settings: { jobs: ["build-tables"] } });

    expect(resourceOf(without, "AWS::Events::Rule", "After").Properties.EventPattern).toMatchObject({
      detail: { functionArn: [{ prefix: { "Fn::GetAtt": [functionOf(without, "archive-calls").id, "Arn"] } }] },
    });
    expect(resourcesOf(alone, "AWS::Events::Rule").filter(({ id }) => id.startsWith("After"))).toEqual([]);
  });

  test("no job waits for itself, not even through others, because it would run for ever", () => {
    const afterOf = (name: string) => (jobs as Readonly<Record<string, JobDeployment>>)[name]?.after ?? [];
    const beforehand = (names: readonly string[]): readonly string[] => {
      const more = [...new Set([...names, ...names.flatMap(afterOf)])];
      return more.length > names.length ? beforehand(more) : names;
    };

    for (const name of Object.keys(jobs)) expect(beforehand(afterOf(name))).not.toContain(name);
  });

  test("no job waits for one that does not exist", () => {
    for (const { after = [] } of Object.values<JobDeployment>(jobs))
      expect(Object.keys(jobs)).toEqual(expect.arrayContaining([...after]));
  });
});

describe("a run that ended badly", () => {
  const rule = resourceOf(template, "AWS::Events::Rule", "RunEnds");

  test("is reported by start-run, for any job and version, because a stopped run cannot report itself", () => {
    const prefixes = Object.keys(fourJobs).map((name) => ({
      prefix: { "Fn::GetAtt": [functionOf(template, name).id, "Arn"] },
    }));
    const [target] = rule.Properties.Targets as readonly Readonly<Record<string, unknown>>[];
    const event = { time: "2026-11-04T08:30:00Z", "detail.functionArn": "arn:aws:lambda:r:a:function:f:7" };

    expect(rule.Properties.EventPattern).toMatchObject({
      detail: { status: ["FAILED", "TIMED_OUT", "STOPPED"], functionArn: prefixes },
    });
    expect(flat(target?.Arn)).toBe(`<${startRun}.Arn>`);
    expect(delivered(target?.InputTransformer as InputTransformer, event)).toEqual({
      endedFunction: event["detail.functionArn"],
      endedAt: event.time,
    });
  });

  test("is reported even while the settings say paused", () => {
    const paused = templateOf({ settings: { paused: true } });

    expect(resourceOf(paused, "AWS::Events::Rule", "RunEnds").Properties.State).toBe("ENABLED");
  });
});

describe("every queue", () => {
  test("is encrypted and refuses requests without TLS", () => {
    const queues = resourcesOf(template, "AWS::SQS::Queue");
    const policies = resourcesOf(template, "AWS::SQS::QueuePolicy");

    template.allResourcesProperties("AWS::SQS::Queue", { SqsManagedSseEnabled: true });
    expect(policies).toHaveLength(queues.length);
    for (const { Properties } of policies) {
      expect(statementsOf(Properties.PolicyDocument)).toContainEqual(
        expect.objectContaining({
          Effect: "Deny",
          Action: "sqs:*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        }),
      );
    }
  });
});

interface InputTransformer {
  readonly InputPathsMap: Readonly<Record<string, string>>;
  readonly InputTemplate: string;
}

/** Returns the input of a target for an event (EventBridge user guide: input transformation; a text has its quotes). */
function delivered(
  { InputPathsMap, InputTemplate }: InputTransformer,
  event: Readonly<Record<string, string>>,
): unknown {
  const filled = Object.entries(InputPathsMap).reduce(
    (template, [name, path]) => template.replaceAll(`<${name}>`, JSON.stringify(event[path.slice("$.".length)])),
    InputTemplate,
  );
  return JSON.parse(filled);
}
