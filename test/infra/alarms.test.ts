import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Metric } from "../../shared/contract.ts";
import { createMetrics } from "../../shared/runtime/metrics.ts";
import { flat, functionOf, resourceOf, resourcesOf, statementsOf } from "./resources.ts";
import { fourJobs, type StackOptions, settings, templateOf } from "./stack.ts";

const template = templateOf({ jobs: fourJobs });
const alarms = resourcesOf(template, "AWS::CloudWatch::Alarm");
const topic = resourceOf(template, "AWS::SNS::Topic").id;
const handbook = readFileSync(join(import.meta.dirname, "..", "..", "docs", "operations.md"), "utf8");
const alarmOf = (idBegins: string) => resourceOf(template, "AWS::CloudWatch::Alarm", `Alarms${idBegins}`).Properties;

describe("every alarm", () => {
  test("has a chapter in the handbook, and every chapter an alarm", () => {
    const chapters = handbook.split(/^## /m).find((part) => part.startsWith("Alarms")) ?? "";
    const headings = [...chapters.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    const links = alarms.map(
      ({ Properties }) => /docs\/operations\.md#(\S+)$/.exec(String(Properties.AlarmDescription))?.[1],
    );

    expect(headings.length).toBeGreaterThan(0);
    expect(new Set(links)).toEqual(new Set(headings));
  });

  test("says what it means before it says where to read on", () => {
    for (const { Properties } of alarms) expect(Properties.AlarmDescription).toMatch(/^[A-Z].{20,}\. What to look at/);
  });

  test("tells everybody whom the settings name", () => {
    const emails = ["a@example.com", "b@example.com"];
    const two = templateOf({ settings: { alarmEmails: emails } });

    for (const { Properties } of alarms)
      expect((Properties.AlarmActions as unknown[]).map(flat)).toEqual([`<${topic}>`]);
    expect(resourcesOf(two, "AWS::SNS::Subscription").map(({ Properties }) => Properties.Endpoint)).toEqual(emails);
    expect(resourceOf(template, "AWS::SNS::Subscription").Properties.Endpoint).toBe(settings.alarmEmails[0]);
  });

  test("looks back no further than CloudWatch can: a day, or a week by hours", () => {
    for (const { Properties } of alarms) {
      const metrics = (Properties.Metrics ?? []) as readonly { readonly MetricStat?: { readonly Period: number } }[];
      const period = Number(Properties.Period ?? metrics.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period);
      const limit = period < 3600 ? 86_400 : 604_800;
      expect(period * Number(Properties.EvaluationPeriods)).toBeLessThanOrEqual(limit);
    }
  });
});

describe("the topic", () => {
  test("takes alarms of this AWS account, over TLS only", () => {
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

describe.each(Object.keys(fourJobs))("of the job %s", (name) => {
  const flatName = name.replaceAll("-", "");

  test("a failure rings, whether its code tells of it, Lambda does, or its event was given up", () => {
    const { Metrics, TreatMissingData, Threshold, DatapointsToAlarm } = alarmOf(`RunFailed${flatName}`);
    const watched = (
      Metrics as readonly { readonly MetricStat?: { readonly Metric: Record<string, unknown> } }[]
    ).flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []));

    const Dimensions = [{ Name: "FunctionName", Value: { Ref: functionOf(template, name).id } }];
    const queue = resourceOf(template, "AWS::SQS::Queue", `${flatName}FailedRuns`).id;
    expect(watched).toEqual([
      { Namespace: "Nightshift/nightshift-test", MetricName: `${name}-RunsFailed` },
      { Namespace: "AWS/Lambda", MetricName: "DurableExecutionFailed", Dimensions },
      { Namespace: "AWS/Lambda", MetricName: "DurableExecutionTimedOut", Dimensions },
      { Namespace: "AWS/Lambda", MetricName: "DurableExecutionStopped", Dimensions },
      {
        Namespace: "AWS/SQS",
        MetricName: "NumberOfMessagesSent",
        Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": [queue, "QueueName"] } }],
      },
    ]);
    expect({ TreatMissingData, Threshold, DatapointsToAlarm }).toEqual({
      TreatMissingData: "notBreaching",
      Threshold: 1,
      DatapointsToAlarm: 1,
    });
  });

  test("silence rings: 26 hours in which no run has finished, or in which there is no data at all", () => {
    expect(alarmOf(`DidNotRun${flatName}`)).toMatchObject({
      Namespace: "Nightshift/nightshift-test",
      MetricName: `${name}-RunsFinished`,
      Period: 3600,
      EvaluationPeriods: 26,
      Statistic: "Sum",
      ComparisonOperator: "LessThanThreshold",
      Threshold: 1,
      TreatMissingData: "breaching",
      ActionsEnabled: true,
    });
  });

  test.each([Metric.runsFinished, Metric.runsFailed])("%s is counted from the job's own log", (metric) => {
    const { FilterPattern, LogGroupName } = resourceOf(
      template,
      "AWS::Logs::MetricFilter",
      `${flatName}Log${metric}`,
    ).Properties;

    expect(FilterPattern).toBe(`{ $.${metric} >= 1 }`);
    expect(flat(LogGroupName)).toContain(`${flatName}Log`);
  });
});

describe("what the filters look for", () => {
  afterEach(() => vi.restoreAllMocks());

  test.each([Metric.runsFinished, Metric.runsFailed, Metric.recordingsLost, Metric.daysShrunk])(
    "is how a job writes %s, however often it counts: a line of JSON with a number of that name",
    (metric) => {
      const lines: string[] = [];
      vi.spyOn(process.stdout, "write").mockImplementation((chunk) => lines.push(String(chunk)) > 0);

      const metrics = createMetrics("archive-calls");
      metrics.add(metric);
      metrics.add(metric, 2);
      metrics.publish();

      expect(lines).toHaveLength(1);
      expect(JSON.parse(lines[0] ?? "")).toMatchObject({ [metric]: 3 });
    },
  );
});

describe("a start that fails", () => {
  test("rings when an event has been given up, by the schedule or by start-run", () => {
    expect(alarmOf("StartFailed")).toMatchObject({
      Namespace: "AWS/SQS",
      MetricName: "NumberOfMessagesSent",
      Dimensions: [
        {
          Name: "QueueName",
          Value: { "Fn::GetAtt": [resourceOf(template, "AWS::SQS::Queue", "NotStarted").id, "QueueName"] },
        },
      ],
      TreatMissingData: "notBreaching",
    });
  });
});

describe("what is lost", () => {
  test.each([
    ["RecordingsLost", Metric.recordingsLost],
    ["ListingShrank", Metric.daysShrunk],
  ])("%s rings for the job that archives calls, and for no other", (name, metric) => {
    const found = alarms.filter(({ id }) => id.startsWith(`Alarms${name}`));

    expect(found).toHaveLength(1);
    expect(found[0]?.Properties).toMatchObject({ MetricName: `archive-calls-${metric}`, Threshold: 1 });
  });
});

describe("silence", () => {
  const silentOf = (options: StackOptions) =>
    resourcesOf(templateOf(options), "AWS::CloudWatch::Alarm").flatMap(({ id, Properties }) =>
      Properties.ActionsEnabled === false ? [id.replace(/[0-9A-F]{8}$/, "")] : [],
    );

  test("is meant of every job while nothing starts by itself, but failures ring", () => {
    expect(silentOf({ settings: { paused: true } })).toEqual([
      "AlarmsDidNotRunarchivecalls",
      "AlarmsDidNotRuncollectanalytics",
      "AlarmsDidNotRunbuildtables",
    ]);
  });

  test("is meant of a job that only waits for jobs that are not deployed", () => {
    expect(silentOf({ settings: { jobs: ["build-tables"] } })).toEqual(["AlarmsDidNotRunbuildtables"]);
    expect(silentOf({ settings: { jobs: ["collect-analytics", "build-tables"] } })).toEqual([]);
  });
});
