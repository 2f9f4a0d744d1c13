import type { Template } from "aws-cdk-lib/assertions";
import { afterEach, describe, expect, test, vi } from "vitest";
import { MetricName } from "../../../shared/contract.ts";
import { createMetrics, type MetricsSink } from "../../../shared/runtime/metrics.ts";
import { eventCounts, stateTruths } from "../../storm/alarm-truths.ts";
import { flat, resourceOf, resourcesOf, statementsOf } from "../../support/infra/resources.ts";
import { fourJobs, settings, templateOf } from "../../support/infra/stack.ts";

const template = templateOf({ jobs: fourJobs });
const alarms = resourcesOf(template, "AWS::CloudWatch::Alarm");
const topic = resourceOf(template, "AWS::SNS::Topic").id;
const alarmOf = (name: string, of = template) =>
  resourceOf(of, "AWS::CloudWatch::Alarm", `Alarms${name.replaceAll("-", "")}`).Properties;

interface Queries {
  readonly Metrics: readonly {
    readonly Id: string;
    readonly Expression?: string;
    readonly MetricStat?: {
      readonly Metric: { readonly MetricName: string };
      readonly Period: number;
      readonly Stat: string;
    };
  }[];
}
/** The expression of an alarm, and its metrics by their ids. */
function mathOf(name: string, of = template) {
  const { Metrics } = alarmOf(name, of) as unknown as Queries;
  const metrics = Metrics.flatMap(({ Id, MetricStat: stat }) =>
    stat ? [[Id, [stat.Metric.MetricName, stat.Stat, stat.Period / 3_600]] as const] : [],
  );
  return { expression: Metrics.find(({ Expression }) => Expression)?.Expression, metrics: Object.fromEntries(metrics) };
}

describe("every alarm", () => {
  test("notifies every address in the settings", () => {
    const emails = ["a@example.com", "b@example.com"];
    const two = templateOf({ settings: { alarmEmails: emails } });

    for (const { Properties } of alarms)
      expect((Properties.AlarmActions as unknown[]).map(flat)).toEqual([`<${topic}>`]);
    expect(resourcesOf(two, "AWS::SNS::Subscription").map(({ Properties }) => Properties.Endpoint)).toEqual(emails);
    expect(resourceOf(template, "AWS::SNS::Subscription").Properties.Endpoint).toBe(settings.alarmEmails[0]);
  });

  test("has its own meaning: there are at most 14, and no more for more jobs", () => {
    const names = (of: Template) => resourcesOf(of, "AWS::CloudWatch::Alarm").map(({ id }) => id);

    expect(names(template)).toEqual(names(templateOf()));
    expect(new Set(alarms.map(({ Properties }) => flat(Properties.AlarmDescription))).size).toBe(alarms.length);
    expect(alarms.length).toBeLessThanOrEqual(14);
  });

  test("uses no more metrics than an alarm may have: ten (PutMetricAlarm)", () => {
    for (const name of ["run-failed", "did-not-run"]) {
      expect(Object.keys(mathOf(name).metrics).length).toBeLessThanOrEqual(10);
    }
  });

  test("looks back no further than CloudWatch can: one day, or one week by hours", () => {
    for (const { Properties } of alarms) {
      const metrics = (Properties.Metrics ?? []) as readonly { readonly MetricStat?: { readonly Period: number } }[];
      const period = Number(Properties.Period ?? metrics.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period);
      const limit = period < 3600 ? 86_400 : 604_800;
      expect(period * Number(Properties.EvaluationPeriods)).toBeLessThanOrEqual(limit);
    }
  });
});

describe("the topic", () => {
  test("accepts only alarms of this AWS account, over TLS", () => {
    const { PolicyDocument } = resourceOf(template, "AWS::SNS::TopicPolicy").Properties;

    expect(statementsOf(PolicyDocument)).toMatchObject([
      { Effect: "Deny", Action: "sns:Publish", Condition: { Bool: { "aws:SecureTransport": "false" } } },
      {
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
      },
    ]);
  });
});

describe("run-failed", () => {
  test("compares the latest success of each job's runs with the latest failure, over a week", () => {
    const { expression, metrics } = mathOf("run-failed");

    const ends = Object.keys(fourJobs).map((_, n) => `good${n} + bad${n}`);
    expect(expression).toBe(`MIN([${ends.join(", ")}])`);
    for (const [n, job] of Object.keys(fourJobs).entries()) {
      expect(metrics[`good${n}`]).toEqual([`${job}-RunEnded`, "Maximum", 7 * 24]);
      expect(metrics[`bad${n}`]).toEqual([`${job}-RunEnded`, "Minimum", 7 * 24]);
    }
    expect(alarmOf("run-failed")).toMatchObject({
      ...{ Threshold: 0, ComparisonOperator: "LessThanThreshold" },
      ...{ TreatMissingData: "ignore", EvaluationPeriods: 1 },
    });
  });

  test.each(Object.keys(fourJobs))(
    "watches the end of %s in its own log, and in start-run's log what it could not report",
    (job) => {
      const name = job.replaceAll("-", "");
      const own = resourceOf(template, "AWS::Logs::MetricFilter", `${name}Log${name}RunEnded`).Properties;
      const reported = resourceOf(template, "AWS::Logs::MetricFilter", `startrunLog${name}RunEnded`).Properties;

      expect(flat(own.LogGroupName)).toContain(`${name}Log`);
      expect(own.FilterPattern).toBe("{ ($.RunEnded < 0) || ($.RunEnded > 0) }");
      expect(flat(reported.LogGroupName)).toContain("startrunLog");
      expect(reported.FilterPattern).toBe(`{ ($.service = "${job}") && ($.RunEnded < 0) }`);
      for (const { MetricTransformations } of [own, reported]) {
        expect(MetricTransformations).toMatchObject([{ MetricName: `${job}-RunEnded`, MetricValue: "$.RunEnded" }]);
      }
    },
  );
});

describe("did-not-run", () => {
  test("multiplies activity over 26 hours, and a job that follows others is silent only if a run of these has ended", () => {
    const three = templateOf({ settings: { jobs: ["archive-calls", "collect-analytics", "build-tables"] } });
    const { expression, metrics } = mathOf("did-not-run", three);

    expect(expression).toBe(
      "FILL(alive0, 0) * FILL(alive1, 0) * IF(FILL(ended0, 0) + FILL(ended1, 0) > 0, FILL(alive2, 0), 1)",
    );
    expect(metrics).toMatchObject({
      alive0: ["archive-calls-RunsAlive", "Sum", 26],
      ended0: ["archive-calls-Ends", "Sum", 26],
      alive2: ["build-tables-RunsAlive", "Sum", 26],
    });
    expect(alarmOf("did-not-run")).toMatchObject({
      ...{ Threshold: 1, ComparisonOperator: "LessThanThreshold", EvaluationPeriods: 1 },
      TreatMissingData: "breaching",
    });
  });

  test("is first evaluated when the first night after the deployment must have begun", () => {
    expect(alarmOf("did-not-run").WarmUpConfiguration).toEqual({
      WarmUpPeriodDurationInMinutes: 26 * 60,
      OnlyStartEvaluatingAfterWarmUpPeriodEnds: true,
    });
  });

  test("leaves out a job that only waits for jobs that are not deployed, and does not exist if nothing starts automatically", () => {
    const jobsOf = (names: readonly string[], paused = false) => {
      const of = templateOf({ settings: { jobs: [...names], paused } });
      const found = resourcesOf(of, "AWS::CloudWatch::Alarm").some(({ id }) => id.startsWith("Alarmsdidnotrun"));
      return found ? mathOf("did-not-run", of).expression : undefined;
    };

    expect(jobsOf(["build-tables"])).toBeUndefined();
    expect(jobsOf(["archive-calls"], true)).toBeUndefined();
    expect(jobsOf(["collect-analytics", "build-tables"])).toBe(
      "FILL(alive0, 0) * IF(FILL(ended0, 0) > 0, FILL(alive1, 0), 1)",
    );
  });
});

describe("the pattern of a metric filter", () => {
  afterEach(() => vi.restoreAllMocks());

  const linesOf = (write: (metrics: MetricsSink) => void) => {
    const lines: string[] = [];
    vi.spyOn(process.stdout, "write").mockImplementation((chunk) => lines.push(String(chunk)) > 0);
    const metrics = createMetrics("archive-calls");
    write(metrics);
    metrics.publish();
    return lines.map((line) => JSON.parse(line) as object);
  };

  test.each([
    MetricName.runsAlive,
    MetricName.runsFinished,
    MetricName.runsFailed,
    MetricName.recordingsLost,
    MetricName.daysUnstable,
  ])("matches how a job writes %s, however often it counts: a line of JSON with a number of that name", (metric) => {
    const lines = linesOf((metrics) => {
      metrics.add(metric);
      metrics.add(metric, 2);
    });

    expect(lines).toMatchObject([{ [metric]: 3 }]);
  });

  test("matches how a job writes a gauge: the last value that was set, even 0, beside the job's name", () => {
    const lines = linesOf((metrics) => {
      metrics.set(MetricName.oldestPendingDays, 17);
      metrics.set(MetricName.oldestPendingDays, 0);
      metrics.set(MetricName.runEnded, -1_790_000_000);
    });

    expect(lines).toMatchObject([{ service: "archive-calls", OldestPendingDays: 0, RunEnded: -1_790_000_000 }]);
  });
});

describe("a start that fails", () => {
  test("raises an alarm when the schedule or start-run has discarded an event", () => {
    const queue = resourceOf(template, "AWS::SQS::Queue", "FailedStarts").id;

    expect(alarmOf("start-failed")).toMatchObject({
      ...{ Namespace: "AWS/SQS", MetricName: "NumberOfMessagesSent", TreatMissingData: "notBreaching" },
      Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": [queue, "QueueName"] } }],
    });
  });
});

describe("an alarm for an event in an archive", () => {
  test.each([
    ["recordings-lost", MetricName.recordingsLost],
    ["day-unstable", MetricName.daysUnstable],
  ])("such as %s is raised for an hour, so that the next event sends an e-mail again", (name, metric) => {
    expect(alarmOf(name)).toMatchObject({
      ...{
        MetricName: metric,
        Statistic: "Sum",
        Threshold: 1,
        Period: 300,
        EvaluationPeriods: 12,
        DatapointsToAlarm: 1,
      },
      TreatMissingData: "notBreaching",
    });
  });
});

describe("an alarm for a state of an archive", () => {
  test.each([
    ["listing-shrank", MetricName.listingsShrunk, 1],
    ["days-open", MetricName.oldestOpenNights, 7],
    ["recordings-waiting", MetricName.oldestPendingDays, 17],
    ["failed-in-bulk", MetricName.failedInBulk, 1],
    ["deletion-near", MetricName.pendingNearDeletion, 1],
    ["backlog-too-long", MetricName.backlogBeyondHorizon, 1],
    ["nothing-archived", MetricName.quietDays, 2],
  ])("such as %s is raised from its threshold on, until a run reports less", (name, metric, threshold) => {
    expect(alarmOf(name)).toMatchObject({
      ...{ Namespace: "Nightshift/nightshift-test", MetricName: metric, Statistic: "Maximum", Threshold: threshold },
      ...{ ComparisonOperator: "GreaterThanOrEqualToThreshold", EvaluationPeriods: 1, TreatMissingData: "ignore" },
    });
  });

  test("follows archive-calls alone, so that no other job's gauge hides a state", () => {
    const filters = resourcesOf(template, "AWS::Logs::MetricFilter").filter(({ id }) =>
      id.includes("OldestOpenNights"),
    );

    expect(filters.map(({ Properties }) => flat(Properties.LogGroupName))).toEqual([
      expect.stringContaining("archivecallsLog"),
    ]);
  });

  test("does not exist if no job archives calls", () => {
    const names = resourcesOf(templateOf({ settings: { jobs: ["collect-analytics"] } }), "AWS::CloudWatch::Alarm").map(
      ({ id }) => id.replace(/^Alarms|[0-9A-F]{8}$/g, ""),
    );

    expect(names).toEqual(["startfailed", "runfailed", "didnotrun", "credentialexpiring"]);
  });
});

test("credential-expiring is raised two weeks ahead, whichever job has read the credential", () => {
  expect(alarmOf("credential-expiring")).toMatchObject({
    ...{ MetricName: MetricName.credentialDaysLeft, Statistic: "Minimum", Threshold: 14, TreatMissingData: "ignore" },
    ComparisonOperator: "LessThanOrEqualToThreshold",
  });
  const filters = resourcesOf(template, "AWS::Logs::MetricFilter").filter(({ id }) =>
    id.includes("CredentialDaysLeft"),
  );
  const logins = Object.entries(fourJobs).filter(([, { scopes }]) => scopes.length > 0);
  expect(filters.map(({ id }) => id.replace(/Log.*/, ""))).toEqual(logins.map(([name]) => name.replaceAll("-", "")));
});

test("each alarm has its truth in the storms, which compare it with what happened", () => {
  const names = alarms.map(({ Properties }) => String(Properties.AlarmName).replace("nightshift-test-", ""));

  expect([...Object.keys(stateTruths), ...Object.keys(eventCounts)].sort()).toEqual(names.sort());
});
