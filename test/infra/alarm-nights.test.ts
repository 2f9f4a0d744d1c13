import { describe, expect, test } from "vitest";
import { type AlarmChange, type JudgeOptions, judgeAlarms } from "../../lab/cloudwatch/judge-alarms.ts";
import type { PublishedData } from "../../lab/cloudwatch/published-metrics.ts";
import type { JsonTemplate } from "../../lab/cloudwatch/template-alarms.ts";
import { collectMetrics } from "../../shared/runtime/metrics.ts";
import { reportPause } from "../../shared/runtime/report-pause.ts";
import { allWell, linesOf, type ScriptedRun } from "../support/infra/night-lines.ts";
import { resourceOf } from "../support/infra/resources.ts";
import { templateOf } from "../support/infra/stack.ts";
import { metricLine } from "../support/metric-lines.ts";
import { silentLog } from "../support/runtime/silent-log.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The jobs whose nights are scripted here. */
const scripted = ["archive-calls", "collect-analytics", "build-tables"];
const template = templateOf({ settings: { jobs: scripted } });
const withoutAnalytics = templateOf({ settings: { jobs: ["archive-calls", "build-tables"] } });
const pausedTemplate = templateOf({ settings: { jobs: scripted, paused: true } });
/** Deployed in an afternoon; the first night is the next one. New York changes its clocks on 2026-11-01. */
const deployed = new Date("2026-10-20T19:12:00Z");
const evening = (night: number) => new Date(deployed.getTime() + night * dayMs);

/** Returns the instant of a local time in New York, the given number of nights after the deployment. */
function at(night: number, time: string): Date {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const day = Date.UTC(2026, 9, 20 + night);
  const offset = day >= Date.UTC(2026, 10, 1) ? 5 : 4;
  return new Date(day + (hours + offset) * hourMs + minutes * 60_000);
}

type Night = Partial<Readonly<Record<"archive" | "analytics", Omit<ScriptedRun, "job" | "start"> | "none">>>;

/** Returns the lines of the night, with tables built after the end of each other job. */
function nightLines(night: number, { archive = {}, analytics = {} }: Night = {}): PublishedData[] {
  const runs: ScriptedRun[] = [];
  const add = (job: string, start: Date, run: Omit<ScriptedRun, "job" | "start"> | "none", metrics: object) => {
    if (run === "none") return;
    const { minutes = 10, end } = run;
    runs.push({ job, start, ...run, metrics: { ...(end !== "killed" && metrics), ...run.metrics } });
    const after = new Date(start.getTime() + minutes * 60_000 + 20_000);
    runs.push({ job: "build-tables", start: after, minutes: 2 });
  };
  add("archive-calls", at(night, "03:30"), archive, { ...allWell, CredentialDaysLeft: 36_500 });
  add("collect-analytics", at(night, "03:45"), analytics, { OldestOpenNights: 0, FailedInBulk: 0 });
  return runs.flatMap(linesOf);
}

function nights(from: number, to: number, night: (n: number) => Night = () => ({})): PublishedData[] {
  return Array.from({ length: to - from + 1 }, (_, n) => nightLines(from + n, night(from + n))).flat();
}

const variants: readonly (Partial<JudgeOptions> & { readonly variant: string })[] = [
  { variant: "as documented" },
  { variant: "looking no further back than it must", extraPeriods: 0, delayMs: 0 },
  {
    variant: "looking far back, late data, never filling",
    extraPeriods: 5,
    delayMs: 10 * 60_000,
    fillsNeverPublished: false,
  },
];

describe.each(variants)("under CloudWatch $variant,", ({ variant: _, ...options }) => {
  /** Returns the changes of the alarms until some evening, except the first OK. */
  function judge(published: readonly PublishedData[], untilNight: number, of = template): AlarmChange[] {
    const json = of.toJSON() as JsonTemplate;
    const changes = judgeAlarms({
      template: json,
      published,
      from: deployed,
      to: evening(untilNight),
      ...options,
    });
    return changes.filter(({ from, to }) => from !== "INSUFFICIENT_DATA" || to !== "OK");
  }
  const changesIn = (changes: readonly AlarmChange[]) => changes.map(({ alarm, to }) => `${alarm} ${to}`);
  const hoursAfter = (change: AlarmChange | undefined, since: Date) =>
    change === undefined ? Number.NaN : (change.at.getTime() - since.getTime()) / hourMs;

  test("five weeks of good nights with a change of clocks send no e-mail", () => {
    expect(judge(nights(1, 35), 35)).toEqual([]);
  });

  test("no alarm is raised before the first night was due, and each nightly job sends one e-mail if it never runs", () => {
    const changes = judge([], 6).filter(({ alarm }) => alarm !== "did-not-run-build-tables");

    expect(changesIn(changes)).toEqual(["did-not-run-archive-calls ALARM", "did-not-run-collect-analytics ALARM"]);
    for (const change of changes) {
      expect(change.mails).toBe(true);
      expect(hoursAfter(change, deployed)).toBeGreaterThanOrEqual(26);
      expect(hoursAfter(change, deployed)).toBeLessThan(27.1);
    }
  });

  test("a paused job is not missed, because start-run gives its sign of life in its place", () => {
    const since = at(5, "12:00").toISOString();
    const pausedLines = (night: number): PublishedData[] => {
      const lines: PublishedData[] = [];
      const now = at(night, "03:30");
      const write = (values: Iterable<readonly [string, number]>) =>
        void lines.push(metricLine("archive-calls", now, Object.fromEntries(values)));
      reportPause({ type: "paused", since }, { now, log: silentLog, metrics: collectMetrics(write) });
      return lines;
    };
    const paused = Array.from({ length: 10 }, (_, n) => pausedLines(6 + n)).flat();

    const changes = judge([...nights(1, 15, (n) => (n > 5 ? { archive: "none" } : {})), ...paused], 15);

    expect(changesIn(changes).filter((change) => change.startsWith("did-not-run"))).toEqual([]);
  });

  test("a job that is never started raises an alarm though all others run", () => {
    expect(
      changesIn(
        judge(
          nights(1, 6, () => ({ analytics: "none" })),
          6,
        ),
      ),
    ).toEqual(["did-not-run-collect-analytics ALARM"]);
  });

  test("a failed night raises an alarm within the hour, no other job's success hides it, and a successful manual run ends it", () => {
    const repaired = at(5, "14:00");
    const byHand = linesOf({ job: "archive-calls", start: repaired, metrics: allWell });

    const changes = judge([...nights(1, 10, (n) => (n === 5 ? { archive: { end: "failed" } } : {})), ...byHand], 10);

    expect(changesIn(changes)).toEqual(["run-failed-archive-calls ALARM", "run-failed-archive-calls OK"]);
    expect(hoursAfter(changes[0], at(5, "03:40"))).toBeLessThan(1.2);
    expect(hoursAfter(changes[1], repaired)).toBeLessThan(1.4);
  });

  test("a failure that no operator fixes keeps its alarm raised, night after night, without turning green in between", () => {
    const failing = (n: number): Night =>
      n >= 3 && n < 20 ? { analytics: { end: "failed", minutes: 10 + (n % 7) } } : {};

    const changes = judge(nights(1, 22, failing), 22);

    expect(changesIn(changes)).toEqual(["run-failed-collect-analytics ALARM", "run-failed-collect-analytics OK"]);
    expect(hoursAfter(changes[1], at(20, "03:55"))).toBeLessThan(1.3);
  });

  test("a failure keeps its alarm raised while the stack is paused, although nothing runs any more", () => {
    const changes = judge(
      nights(1, 3, (n) => (n === 3 ? { archive: { end: "failed" } } : {})),
      33,
      pausedTemplate,
    );

    expect(changes[0]).toMatchObject({ alarm: "run-failed-archive-calls", to: "ALARM" });
    // Where CloudWatch looks back over weeks, a window may begin in the middle of that night: for an hour a week.
    for (const [n, { at: since, to }] of changes.entries()) {
      if (to === "OK") expect(hoursAfter(changes[n + 1], since)).toBeLessThanOrEqual(1);
    }
    if (!options.extraPeriods) expect(changesIn(changes)).toEqual(["run-failed-archive-calls ALARM"]);
  });

  test("a job that fails and then runs no more is never all green", () => {
    const changes = judge(
      nights(1, 30, (n) => (n === 3 ? { archive: { end: "failed" } } : n > 3 ? { archive: "none" } : {})),
      30,
    );

    expect(changesIn(changes).slice(0, 2)).toEqual([
      "run-failed-archive-calls ALARM",
      "did-not-run-archive-calls ALARM",
    ]);
    expect(changesIn(changes)).not.toContain("did-not-run-archive-calls OK");
  });

  test("a run that is stopped manually, or times out, raises an alarm although it cannot report it", () => {
    const changes = judge(
      nights(1, 8, (n) => (n === 4 ? { archive: { end: "killed", minutes: 100 } } : {})),
      8,
    );

    expect(changesIn(changes)).toEqual(["run-failed-archive-calls ALARM", "run-failed-archive-calls OK"]);
    expect(hoursAfter(changes[0], at(4, "05:10"))).toBeLessThan(1.3);
    expect(hoursAfter(changes[1], at(5, "03:40"))).toBeLessThan(1.3);
  });

  test("a first run of five days, superseded every night, is not silence", () => {
    const long = (n: number): Night => (n < 6 ? { archive: { end: "superseded", minutes: 24 * 60 + 1 } } : {});
    const alone = (n: number): Night => ({ ...long(n), analytics: "none" });

    expect(judge(nights(1, 9, long), 9)).toEqual([]);
    expect(judge(nights(1, 9, alone), 9, withoutAnalytics)).toEqual([]);
  });

  test("runs that end 26, 28 or 47 hours apart are not silence, nor are tables that wait for them", () => {
    const minutes = [5, 131, 5, 5 + 4 * 60, 10, 23 * 60, 3, 60];

    expect(
      judge(
        nights(1, 16, (n) => ({ archive: { minutes: minutes[n % 8] ?? 5 } })),
        16,
      ),
    ).toEqual([]);
    const night = (n: number): Night => ({ archive: { minutes: minutes[n % 8] ?? 5 }, analytics: "none" });
    expect(judge(nights(1, 16, night), 16, withoutAnalytics)).toEqual([]);
  });

  test("a schedule that stops raises an alarm 26 hours after the last start, and sends an e-mail when it runs again", () => {
    const all = judge([...nights(1, 4), ...nights(9, 12)], 12);
    const changes = all.filter(({ alarm }) => alarm === "did-not-run-archive-calls");

    expect(all).toHaveLength(4);
    expect(changes.map(({ to }) => to)).toEqual(["ALARM", "OK"]);
    expect(changes.every(({ mails }) => mails)).toBe(true);
    expect(hoursAfter(changes[0], at(5, "03:30"))).toBeGreaterThan(1.9);
    expect(hoursAfter(changes[0], at(5, "03:30"))).toBeLessThan(3.6);
    expect(hoursAfter(changes[1], at(9, "03:30"))).toBeLessThan(1.3);
  });

  test("tables that are no longer built raise an alarm, although the runs that they follow end every night", () => {
    const lines = nights(1, 9).filter((each) => {
      const isTables = "line" in each && each.line.includes('"build-tables"');
      return !isTables || each.at < at(4, "12:00");
    });

    const changes = judge(lines, 9);

    expect(changesIn(changes)).toEqual(["did-not-run-build-tables ALARM"]);
    expect(hoursAfter(changes[0], at(5, "03:30"))).toBeLessThan(4);
  });

  test("a recording that stays pending raises an alarm after 17 days, a week before it is deleted, and the alarm ends when it is stored", () => {
    const gauges = (n: number) => ({
      OldestPendingDays: n - 1,
      PendingNearDeletion: n - 1 >= 83 ? 1 : 0,
      DaysUntilDeletion: 90 - (n - 1),
    });
    const night = (n: number): Night => (n < 86 ? { archive: { metrics: gauges(n) } } : {});

    const changes = judge(nights(1, 90, night), 90);

    expect(changesIn(changes)).toEqual([
      "recordings-waiting ALARM",
      "deletion-near ALARM",
      "recordings-waiting OK",
      "deletion-near OK",
    ]);
    expect(hoursAfter(changes[0], at(18, "03:40"))).toBeLessThan(1);
    expect(hoursAfter(changes[1], at(84, "03:40"))).toBeLessThan(1);
    expect(hoursAfter(changes[2], at(86, "03:40"))).toBeLessThan(1.3);
  });

  const states: readonly [string, Readonly<Record<string, number>>, Readonly<Record<string, number>>][] = [
    ["listing-shrank", { ListingsShrunk: 1 }, {}],
    ["days-open", { OldestOpenNights: 7 }, { OldestOpenNights: 6 }],
    ["recordings-waiting", { OldestPendingDays: 17 }, { OldestPendingDays: 16 }],
    ["failed-in-bulk", { FailedInBulk: 5 }, {}],
    ["deletion-near", { PendingNearDeletion: 1 }, {}],
    ["backlog-too-long", { BacklogBeyondHorizon: 1 }, { BacklogNights: 30 }],
    ["nothing-archived", { QuietDays: 2 }, { QuietDays: 1 }],
    ["credential-expiring-in-14-days", { CredentialDaysLeft: 14 }, { CredentialDaysLeft: 15 }],
    ["credential-expiring-in-3-days", { CredentialDaysLeft: 3 }, { CredentialDaysLeft: 4 }],
  ];

  test.each(states)(
    "%s is raised from the first night that reports its threshold to the first that reports less",
    (alarm, bad, good) => {
      const night = (n: number): Night => ({ archive: { metrics: n >= 4 && n < 9 ? bad : good } });

      const changes = judge(nights(1, 12, night), 12).filter(({ alarm: other }) => {
        return other === alarm || !other.startsWith("credential-expiring");
      });

      expect(changesIn(changes)).toEqual([`${alarm} ALARM`, `${alarm} OK`]);
      expect(hoursAfter(changes[0], at(4, "03:40"))).toBeLessThan(0.5);
      expect(hoursAfter(changes[1], at(9, "03:40"))).toBeLessThan(1.3);
    },
  );

  test.each(states)(
    "%s stays raised while every night ends too early to report, and while nothing runs",
    (alarm, bad, good) => {
      const lines = [
        ...nights(1, 3, () => ({ archive: { metrics: good } })),
        ...nightLines(4, { archive: { metrics: bad } }),
        ...nights(5, 9, () => ({ archive: { end: "killed" } })),
      ];

      expect(changesIn(judge(lines, 30)).filter((change) => change.startsWith(alarm))).toEqual([`${alarm} ALARM`]);
    },
  );

  test("gauges of collect-analytics hide no gauge of archive-calls", () => {
    const changes = judge(
      nights(1, 5, (n) => (n >= 3 ? { archive: { metrics: { FailedInBulk: 20 } } } : {})),
      5,
    );

    expect(changesIn(changes)).toEqual(["failed-in-bulk ALARM"]);
  });

  test.each([
    ["recordings-lost", { RecordingsLost: 3 }],
    ["day-unstable", { DaysUnstable: 1 }],
  ])("%s is raised once for each night in which it happens", (alarm, metrics) => {
    const changes = judge(
      nights(1, 8, (n) => (n === 3 || n === 5 ? { archive: { metrics } } : {})),
      8,
    );

    expect(changesIn(changes)).toEqual([`${alarm} ALARM`, `${alarm} OK`, `${alarm} ALARM`, `${alarm} OK`]);
    expect(hoursAfter(changes[1], at(3, "03:40"))).toBeLessThan(2);
  });

  test("a failed start raises an alarm at once", () => {
    const queue = resourceOf(template, "AWS::SQS::Queue", "FailedStarts").id;
    const dimensions = [{ Name: "QueueName", Value: { "Fn::GetAtt": [queue, "QueueName"] } }];
    const sent = { at: at(2, "05:30"), namespace: "AWS/SQS", metric: "NumberOfMessagesSent", dimensions, value: 1 };

    const changes = judge([...nights(1, 4), sent], 4);

    expect(changesIn(changes)).toEqual(["start-failed ALARM", "start-failed OK"]);
    expect(hoursAfter(changes[0], sent.at)).toBeLessThan(0.3);
  });
});
