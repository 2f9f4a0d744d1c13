import type { Template } from "aws-cdk-lib/assertions";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Dimension } from "../../../lab/cloudwatch/embedded-metrics.ts";
import { embeddedValues } from "../../../lab/cloudwatch/embedded-metrics.ts";
import { keyOf } from "../../../lab/cloudwatch/published-metrics.ts";
import { MetricName } from "../../../shared/contract.ts";
import { ArchiveMetric } from "../../../shared/jobs/archive-calls/metrics.ts";
import { jobs } from "../../../shared/jobs.ts";
import { createMetrics, type MetricsSink } from "../../../shared/runtime/metrics.ts";
import { eventCounts, playedJobs, stateTruths } from "../../storm/alarm-truths.ts";
import { flat, resourceOf, resourcesOf, statementsOf } from "../../support/infra/resources.ts";
import { fourJobs, settings, templateOf } from "../../support/infra/stack.ts";
import { metricLine } from "../../support/metric-lines.ts";

const template = templateOf({ jobs: fourJobs });
const alarms = resourcesOf(template, "AWS::CloudWatch::Alarm");
const alarmOf = (name: string, of = template) => {
  const found = resourcesOf(of, "AWS::CloudWatch::Alarm").find(
    ({ Properties }) => Properties.AlarmName === `nightshift-test-${name}`,
  );
  if (!found) throw new Error(`There is no alarm ${name}`);
  return found.Properties;
};
const namesIn = (of: Template) =>
  resourcesOf(of, "AWS::CloudWatch::Alarm").map(({ Properties }) =>
    String(Properties.AlarmName).replace("nightshift-test-", ""),
  );

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
  test("has a name and a meaning of its own", () => {
    expect(new Set(namesIn(template)).size).toBe(alarms.length);
    expect(new Set(alarms.map(({ Properties }) => flat(Properties.AlarmDescription))).size).toBe(alarms.length);
  });

  test("is about one job, about the starts or about the credential, so that no job hides another", () => {
    const ofJobs = (of: Template) => namesIn(of).filter((name) => !/^(start-failed|credential-expiring)/.test(name));
    const withOneMore = ofJobs(template).filter((name) => !ofJobs(templateOf()).includes(name));

    expect(withOneMore).toEqual(["run-failed-count-files", "did-not-run-count-files", "paused-too-long-count-files"]);
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

describe("an alarm notifies", () => {
  const recipients = { actNow: ["a@example.com", "b@example.com"], thisWeek: ["c@example.com"] };
  const topicArn = "arn:aws:sns:us-east-1:123456789012:pager";
  const actionsOf = (name: string, of: Template) => (alarmOf(name, of).AlarmActions as unknown[]).map(flat);
  const topicIn = (of: Template, id: string) => resourceOf(of, "AWS::SNS::Topic", `Notifications${id}`).id;
  const addressesOf = (of: Template, id: string) =>
    resourcesOf(of, "AWS::SNS::Subscription")
      .filter(({ Properties }) => flat(Properties.TopicArn) === `<${topicIn(of, id)}>`)
      .map(({ Properties }) => Properties.Endpoint);

  test("those who must act now if data is lost, or nobody watches", () => {
    const two = templateOf({ settings: { notify: recipients } });
    const urgent = namesIn(two).filter((name) => actionsOf(name, two)[0] === `<${topicIn(two, "ActNow")}>`);

    expect(addressesOf(two, "ActNow")).toEqual(recipients.actNow);
    expect(urgent.sort()).toEqual([
      "archive-altered",
      "backlog-too-long",
      "credential-expiring-in-3-days",
      "deletion-near",
      ...Object.keys(jobs)
        .map((job) => `did-not-run-${job}`)
        .sort(),
      "nothing-archived",
      "recordings-lost",
    ]);
  });

  test("those who act this week about all else", () => {
    const two = templateOf({ settings: { notify: recipients } });

    expect(addressesOf(two, "ThisWeek")).toEqual(recipients.thisWeek);
    for (const name of namesIn(two)) {
      expect(actionsOf(name, two)).toHaveLength(1);
      expect([`<${topicIn(two, "ActNow")}>`, `<${topicIn(two, "ThisWeek")}>`]).toContain(actionsOf(name, two)[0]);
    }
  });

  test("the same addresses of everything if the settings name no others", () => {
    expect(addressesOf(template, "ThisWeek")).toEqual(settings.notify.actNow);
  });

  test("an existing topic, beside a topic for the addresses or alone", () => {
    const notify = { actNow: [topicArn], thisWeek: ["c@example.com", topicArn] };
    const existing = templateOf({ settings: { jobs: ["archive-calls"], notify } });

    expect(actionsOf("recordings-lost", existing)).toEqual([topicArn]);
    expect(actionsOf("day-unstable", existing)).toEqual([`<${topicIn(existing, "ThisWeek")}>`, topicArn]);
    expect(resourcesOf(existing, "AWS::SNS::Topic")).toHaveLength(1);
  });

  test("of its end only if nobody else would say that a job runs again", () => {
    const withEnd = alarms.filter(({ Properties }) => Properties.OKActions !== undefined);

    expect(withEnd.map(({ Properties }) => Properties.AlarmName)).toEqual(
      namesIn(template).flatMap((name) => (name.startsWith("did-not-run") ? [`nightshift-test-${name}`] : [])),
    );
    for (const { Properties } of withEnd) expect(Properties.OKActions).toEqual(Properties.AlarmActions);
  });
});

test("the topics accept only alarms of this AWS account, over TLS", () => {
  const policies = resourcesOf(template, "AWS::SNS::TopicPolicy");

  expect(policies).toHaveLength(2);
  for (const { Properties } of policies)
    expect(statementsOf(Properties.PolicyDocument)).toMatchObject([
      { Effect: "Deny", Action: "sns:Publish", Condition: { Bool: { "aws:SecureTransport": "false" } } },
      {
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
      },
    ]);
});

describe("run-failed", () => {
  test.each(Object.keys(fourJobs))("compares the latest success of %s with its latest failure, over a week", (job) => {
    const { expression, metrics } = mathOf(`run-failed-${job}`);

    expect(expression).toBe("good + bad");
    expect(metrics).toEqual({
      good: [job, "RunEnded", "Maximum", 7 * 24],
      bad: [job, "RunEnded", "Minimum", 7 * 24],
    });
    expect(alarmOf(`run-failed-${job}`)).toMatchObject({
      ...{ Threshold: 0, ComparisonOperator: "LessThanThreshold" },
      ...{ TreatMissingData: "ignore", EvaluationPeriods: 1 },
    });
  });
});

describe("did-not-run", () => {
  test("counts the activity of a nightly job over 26 hours", () => {
    const { expression, metrics } = mathOf("did-not-run-archive-calls");

    expect(expression).toBe("FILL(alive, 0)");
    expect(metrics).toEqual({ alive: ["archive-calls", "RunsAlive", "Sum", 26] });
    expect(alarmOf("did-not-run-archive-calls")).toMatchObject({
      ...{ Threshold: 1, ComparisonOperator: "LessThanThreshold", EvaluationPeriods: 1 },
      TreatMissingData: "breaching",
    });
  });

  test("is raised for a job that follows others only if a run of these has ended", () => {
    const { expression, metrics } = mathOf("did-not-run-build-tables");

    expect(expression).toBe(
      "IF(SUM([FILL(finished0, 0), FILL(failed0, 0), FILL(finished1, 0), FILL(failed1, 0)]) > 0, FILL(alive, 0), 1)",
    );
    expect(metrics).toMatchObject({
      finished0: ["archive-calls", "RunsFinished", "Sum", 26],
      failed1: ["collect-analytics", "RunsFailed", "Sum", 26],
      alive: ["build-tables", "RunsAlive", "Sum", 26],
    });
  });

  test("is first evaluated when the first night after the deployment must have begun", () => {
    expect(alarmOf("did-not-run-archive-calls").WarmUpConfiguration).toEqual({
      WarmUpPeriodDurationInMinutes: 26 * 60,
      OnlyStartEvaluatingAfterWarmUpPeriodEnds: true,
    });
  });

  test("does not exist for a job that waits only for jobs that are not deployed, nor if nothing starts automatically", () => {
    const silences = (names: readonly string[], paused = false) =>
      namesIn(templateOf({ settings: { jobs: [...names], paused } })).filter((name) => name.startsWith("did-not-run"));

    expect(silences(["build-tables"])).toEqual([]);
    expect(silences(["archive-calls"], true)).toEqual([]);
    expect(silences(["collect-analytics", "build-tables"])).toEqual([
      "did-not-run-collect-analytics",
      "did-not-run-build-tables",
    ]);
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
    expect(namesIn(templateOf({ settings: { jobs: ["collect-analytics"] } }))).toEqual([
      "start-failed",
      "run-failed-collect-analytics",
      "did-not-run-collect-analytics",
      "paused-too-long-collect-analytics",
      "credential-expiring-in-14-days",
      "credential-expiring-in-3-days",
    ]);
  });
});

test("paused-too-long is raised for each job from its seventh day on, until start-run reports less", () => {
  for (const job of Object.keys(jobs)) {
    const alarm = alarmOf(`paused-too-long-${job}`);
    expect(jobIn(alarm)).toBe(job);
    expect(alarm).toMatchObject({
      ...{ Namespace: "Nightshift", MetricName: "PausedDays", Statistic: "Maximum", Threshold: 7 },
      ...{ ComparisonOperator: "GreaterThanOrEqualToThreshold", EvaluationPeriods: 1, TreatMissingData: "ignore" },
    });
  }
});

test.each([14, 3])("credential-expiring is raised %i days ahead, whichever job has read the credential", (days) => {
  const { expression, metrics } = mathOf(`credential-expiring-in-${days}-days`);
  const readers = Object.entries(fourJobs).flatMap(([job, { scopes }]) => (scopes.length > 0 ? [job] : []));

  expect(expression).toBe(`MIN([${readers.map((_, n) => `left${n}`).join(", ")}])`);
  expect(Object.values(metrics)).toEqual(readers.map((job) => [job, "CredentialDaysLeft", "Minimum", 1]));
  expect(alarmOf(`credential-expiring-in-${days}-days`)).toMatchObject({
    ...{ Threshold: days, TreatMissingData: "ignore", ComparisonOperator: "LessThanOrEqualToThreshold" },
  });
});

test("each alarm of the jobs that storms run has its truth there, which is compared with what happened", () => {
  const played = namesIn(templateOf({ settings: { jobs: [...playedJobs] } }));

  expect([...Object.keys(stateTruths), ...Object.keys(eventCounts)].sort()).toEqual(played.sort());
});
