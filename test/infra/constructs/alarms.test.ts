import { Stack } from "aws-cdk-lib";
import type { Template } from "aws-cdk-lib/assertions";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Job } from "../../../infra/constructs/job.ts";
import { lastRuns } from "../../../infra/constructs/run-metrics.ts";
import type { Dimension } from "../../../lab/cloudwatch/embedded-metrics.ts";
import { embeddedValues } from "../../../lab/cloudwatch/embedded-metrics.ts";
import { keyOf } from "../../../lab/cloudwatch/published-metrics.ts";
import { MetricName } from "../../../shared/contract.ts";
import { ArchiveMetric } from "../../../shared/jobs/archive-calls/metrics.ts";
import { createMetrics, type MetricsSink } from "../../../shared/runtime/metrics.ts";
import { eventCounts, stateTruths } from "../../storm/alarm-truths.ts";
import { flat, resourceOf, resourcesOf, statementsOf } from "../../support/infra/resources.ts";
import { fourJobs, settings, templateOf } from "../../support/infra/stack.ts";
import { metricLine } from "../../support/metric-lines.ts";

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
      readonly Metric: {
        readonly MetricName: string;
        readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
      };
      readonly Period: number;
      readonly Stat: string;
    };
  }[];
}
/** The job that publishes a metric of this stack. */
function jobIn({ Dimensions }: { readonly Dimensions?: unknown }): string | undefined {
  const values = Object.fromEntries(
    (Dimensions as readonly { readonly Name: string; readonly Value: string }[]).map(({ Name, Value }) => [
      Name,
      Value,
    ]),
  );
  expect(Object.keys(values).sort()).toEqual(["service", "stack"]);
  expect(values.stack).toBe("nightshift-test");
  return values.service;
}

/** The expression of an alarm, and its metrics by their ids. */
function mathOf(name: string, of = template) {
  const { Metrics } = alarmOf(name, of) as unknown as Queries;
  const metrics = Metrics.flatMap(({ Id, MetricStat: stat }) =>
    stat ? [[Id, [jobIn(stat.Metric), stat.Metric.MetricName, stat.Stat, stat.Period / 3_600]] as const] : [],
  );
  return { expression: Metrics.find(({ Expression }) => Expression)?.Expression, metrics: Object.fromEntries(metrics) };
}

/** The jobs' metrics that an alarm watches. */
function watchedIn(properties: Readonly<Record<string, unknown>>) {
  const { Metrics = [] } = properties as unknown as Partial<Queries>;
  const single = properties as {
    readonly Namespace?: string;
    readonly MetricName?: string;
    readonly Dimensions?: unknown;
  };
  const all = [single, ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? [])];
  return all.flatMap((metric) =>
    metric.MetricName && single.Namespace !== "AWS/SQS"
      ? [{ MetricName: metric.MetricName, service: jobIn(metric) ?? "" }]
      : [],
  );
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

  test("that would need more metrics fails at synthesis, not first in a deployment", () => {
    const jobs = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`job-${n}`, {} as Job]));

    expect(() => lastRuns(new Stack(), jobs)).toThrow("last runs needs 12 metrics, CloudWatch allows 10");
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
      expect(metrics[`good${n}`]).toEqual([job, "RunEnded", "Maximum", 7 * 24]);
      expect(metrics[`bad${n}`]).toEqual([job, "RunEnded", "Minimum", 7 * 24]);
    }
    expect(alarmOf("run-failed")).toMatchObject({
      ...{ Threshold: 0, ComparisonOperator: "LessThanThreshold" },
      ...{ TreatMissingData: "ignore", EvaluationPeriods: 1 },
    });
  });
});

describe("did-not-run", () => {
  test("multiplies activity over 26 hours, and a job that follows others is silent only if a run of these has ended", () => {
    const three = templateOf({ settings: { jobs: ["archive-calls", "collect-analytics", "build-tables"] } });
    const { expression, metrics } = mathOf("did-not-run", three);

    expect(expression).toBe(
      "FILL(alive0, 0) * FILL(alive1, 0) * IF(FILL(finished0, 0) + FILL(failed0, 0) + FILL(finished1, 0) + FILL(failed1, 0) > 0, FILL(alive2, 0), 1)",
    );
    expect(metrics).toMatchObject({
      alive0: ["archive-calls", "RunsAlive", "Sum", 26],
      finished0: ["archive-calls", "RunsFinished", "Sum", 26],
      failed1: ["collect-analytics", "RunsFailed", "Sum", 26],
      alive2: ["build-tables", "RunsAlive", "Sum", 26],
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
      "FILL(alive0, 0) * IF(FILL(finished0, 0) + FILL(failed0, 0) > 0, FILL(alive1, 0), 1)",
    );
  });
});

describe("a metric that an alarm watches", () => {
  afterEach(() => vi.restoreAllMocks());

  const valuesOf = (write: (metrics: MetricsSink) => void) => {
    const lines: string[] = [];
    vi.spyOn(process.stdout, "write").mockImplementation((chunk) => lines.push(String(chunk)) > 0);
    const metrics = createMetrics("archive-calls", { STACK_NAME: "nightshift-test" });
    write(metrics);
    metrics.publish();
    return lines.flatMap(embeddedValues);
  };

  test.each(alarms.flatMap(({ Properties }) => watchedIn(Properties)))(
    "is one that a job publishes: $MetricName of $service",
    ({ MetricName: metric, service }) => {
      const { metrics = {} } = fourJobs[service] ?? {};

      expect([...Object.values(MetricName), ...Object.values(metrics)]).toContain(metric);
    },
  );

  test("has the namespace and the dimensions with which a job publishes it, however often it counts", () => {
    const values = valuesOf((metrics) => {
      metrics.add(ArchiveMetric.recordingsLost);
      metrics.add(ArchiveMetric.recordingsLost, 2);
    });

    const { Namespace, MetricName: metric, Dimensions } = alarmOf("recordings-lost");
    expect(values.map((each) => keyOf(each.namespace, each.metric, each.dimensions))).toEqual([
      keyOf(String(Namespace), String(metric), Dimensions as readonly Dimension[]),
    ]);
    expect(values.map(({ value }) => value)).toEqual([3]);
  });

  test("has the last value of a gauge, even 0, and a negative end", () => {
    const values = valuesOf((metrics) => {
      metrics.set(ArchiveMetric.oldestPendingDays, 17);
      metrics.set(ArchiveMetric.oldestPendingDays, 0);
      metrics.set(MetricName.runEnded, -1_790_000_000);
    });

    expect(values.map(({ metric, value }) => [metric, value])).toEqual([
      ["OldestPendingDays", 0],
      ["RunEnded", -1_790_000_000],
    ]);
  });

  test("is written by the lines of the tests as Powertools writes it", () => {
    const values = { RunsAlive: 2, RunEnded: -5 };
    const written = valuesOf((metrics) => {
      for (const [name, value] of Object.entries(values)) metrics.set(name, value);
    });

    expect(embeddedValues(metricLine("archive-calls", new Date(), values).line)).toEqual(written);
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
    ["recordings-lost", ArchiveMetric.recordingsLost],
    ["day-unstable", ArchiveMetric.daysUnstable],
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
    ["listing-shrank", ArchiveMetric.listingsShrunk, 1],
    ["days-open", ArchiveMetric.oldestOpenNights, 7],
    ["recordings-waiting", ArchiveMetric.oldestPendingDays, 17],
    ["failed-in-bulk", ArchiveMetric.failedInBulk, 1],
    ["deletion-near", ArchiveMetric.pendingNearDeletion, 1],
    ["backlog-too-long", ArchiveMetric.backlogBeyondHorizon, 1],
    ["nothing-archived", ArchiveMetric.quietDays, 2],
  ])("such as %s is raised from its threshold on, until a run reports less", (name, metric, threshold) => {
    expect(alarmOf(name)).toMatchObject({
      ...{ Namespace: "Nightshift", MetricName: metric, Statistic: "Maximum", Threshold: threshold },
      ...{ ComparisonOperator: "GreaterThanOrEqualToThreshold", EvaluationPeriods: 1, TreatMissingData: "ignore" },
    });
  });

  test("follows archive-calls alone, so that no other job's gauge hides a state", () => {
    expect(jobIn(alarmOf("days-open"))).toBe("archive-calls");
  });

  test("does not exist if no job archives calls", () => {
    const names = resourcesOf(templateOf({ settings: { jobs: ["collect-analytics"] } }), "AWS::CloudWatch::Alarm").map(
      ({ id }) => id.replace(/^Alarms|[0-9A-F]{8}$/g, ""),
    );

    expect(names).toEqual(["startfailed", "runfailed", "didnotrun", "credentialexpiring"]);
  });
});

test("credential-expiring is raised two weeks ahead, whichever job has read the credential", () => {
  const { expression, metrics } = mathOf("credential-expiring");
  const readers = Object.entries(fourJobs).flatMap(([job, { scopes }]) => (scopes.length > 0 ? [job] : []));

  expect(expression).toBe(`MIN([${readers.map((_, n) => `left${n}`).join(", ")}])`);
  expect(Object.values(metrics)).toEqual(readers.map((job) => [job, "CredentialDaysLeft", "Minimum", 1]));
  expect(alarmOf("credential-expiring")).toMatchObject({
    ...{ Threshold: 14, TreatMissingData: "ignore", ComparisonOperator: "LessThanOrEqualToThreshold" },
  });
});

test("each alarm has its truth in the storms, which compare it with what happened", () => {
  const names = alarms.map(({ Properties }) => String(Properties.AlarmName).replace("nightshift-test-", ""));

  expect([...Object.keys(stateTruths), ...Object.keys(eventCounts)].sort()).toEqual(names.sort());
});
