import { type AlarmChange, type JudgeOptions, judgeAlarms } from "../../lab/cloudwatch/judge-alarms.ts";
import type { JsonTemplate } from "../../lab/cloudwatch/template-alarms.ts";
import { templateOf } from "../support/infra/stack.ts";
import { type ArchivedNight, eventCounts, playedJobs, type StackNights, stateTruths } from "./alarm-truths.ts";
import { firstGap, firstOverlap, type Span, spansOf } from "./expectations.ts";
import { itemOf, type RunRecord } from "./run-record.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** In ms: alarms over days are evaluated once an hour, and data comes late; a gauge ends after an hour without data. */
const promptMs = 80 * minuteMs;
/** In ms: events are evaluated every minute, or here every five. */
const promptEventMs = 20 * minuteMs;
/** In ms: they look back an hour, and CloudWatch some periods more. */
const maxEventMs = hourMs + 50 * minuteMs;

/** Returns wrong states of the alarms, with their time. */
export type ReportAlarm = (rule: keyof typeof rulesOfAlarms, alarm: string, atMs: number, text: string) => void;

/** Rules of every alarm. */
export const rulesOfAlarms = {
  noAlarmIsFalse: "an alarm is in ALARM only while its meaning holds",
  noAlarmIsLate: "an alarm is in ALARM soon after its meaning has begun to hold",
  noAlarmEndsUnrepaired: "an alarm does not return to OK while its meaning holds",
  nightInVainIsTold: "a night that gave nothing raises run-failed or failed-in-bulk",
} as const;

let synthesised: JsonTemplate | undefined;

/** The deployed stack, synthesised once because that takes long. */
function template(): JsonTemplate {
  synthesised ??= templateOf({ settings: { jobs: [...playedJobs] } }).toJSON() as JsonTemplate;
  return synthesised;
}

/** Decides undocumented behaviour of CloudWatch by the seed. */
function cloudWatchOf(seed: number): Partial<JudgeOptions> {
  const variants: readonly Partial<JudgeOptions>[] = [
    {},
    { extraPeriods: 0, delayMs: 0 },
    { extraPeriods: 5, delayMs: 10 * minuteMs },
    { fillsNeverPublished: false },
  ];
  return variants[Math.abs(seed) % variants.length] ?? {};
}

/** Evaluates the alarms over the published data, and compares them with the truth. */
export function checkAlarms(nights: StackNights, report: ReportAlarm): readonly AlarmChange[] {
  const { plan, runs, fromMs, untilMs } = nights;
  const changes = judgeAlarms({
    template: template(),
    published: runs.flatMap(({ metricLines }) => metricLines),
    from: new Date(fromMs),
    to: new Date(untilMs),
    ...cloudWatchOf(plan.seed),
  });
  const alarmsOf = (alarm: string) => alarmSpans(changes, alarm, untilMs);
  for (const [alarm, truth] of Object.entries(stateTruths)) {
    const expectations = [{ fromMs, expected: false }, ...truth(nights)];
    for (const span of spansOf(expectations, untilMs))
      checkState(alarm, span, { alarms: alarmsOf(alarm), fromMs, report });
  }
  for (const [alarm, countOf] of Object.entries(eventCounts))
    checkEvents(alarm, countOf, { nights, alarms: alarmsOf(alarm), report });
  for (const { run } of nights.archived)
    checkNight(run, [...alarmsOf("run-failed-archive-calls"), ...alarmsOf("failed-in-bulk")], report);
  return changes.filter(({ from, to }) => from === "ALARM" || to === "ALARM");
}

interface StateCheck {
  readonly alarms: readonly Span[];
  readonly fromMs: number;
  readonly report: ReportAlarm;
}

function checkState(
  alarm: string,
  { expected, ...span }: ReturnType<typeof spansOf>[number],
  { alarms, fromMs, report }: StateCheck,
): void {
  const owed = { ...span, fromMs: span.fromMs === fromMs ? fromMs : span.fromMs + promptMs };
  if (expected === undefined || owed.fromMs >= owed.untilMs) return;
  if (expected) {
    const gap = firstGap(owed, alarms);
    if (!gap) return;
    const wasRaised = alarms.some((each) => each.untilMs > span.fromMs && each.fromMs <= gap.fromMs);
    const rule = wasRaised ? "noAlarmEndsUnrepaired" : "noAlarmIsLate";
    report(rule, alarm, gap.fromMs, `true since ${iso(span.fromMs)}, no ALARM until ${iso(gap.untilMs)}`);
  } else {
    const invalid = firstOverlap(owed, alarms);
    if (invalid)
      report(
        "noAlarmIsFalse",
        alarm,
        invalid.fromMs,
        `ALARM until ${iso(invalid.untilMs)}, not true since ${iso(span.fromMs)}`,
      );
  }
}

interface EventCheck {
  readonly nights: StackNights;
  readonly alarms: readonly Span[];
  readonly report: ReportAlarm;
}

/** An event raises its alarm during its run or soon after, and the alarm ends an hour later. */
function checkEvents(
  alarm: string,
  countOf: (night: ArchivedNight) => number,
  { nights: { archived, fromMs, untilMs }, alarms, report }: EventCheck,
): void {
  let count = 0;
  const allowed: Span[] = [];
  for (const night of archived) {
    const now = countOf(night);
    if (now > count) {
      const { startMs, endMs } = night.run;
      const soon = { fromMs: startMs, untilMs: endMs + promptEventMs };
      if (!firstOverlap(soon, alarms)) report("noAlarmIsLate", alarm, endMs, `${now - count} more, and no ALARM`);
      allowed.push({ fromMs: startMs, untilMs: endMs + maxEventMs });
    }
    count = now;
  }
  const expectations = [{ fromMs, expected: false }, ...allowed.flatMap(bothEnds)];
  for (const span of spansOf(expectations, untilMs)) {
    const invalid = span.expected === false && firstOverlap(span, alarms);
    if (invalid) report("noAlarmIsFalse", alarm, invalid.fromMs, "ALARM though nothing has happened");
  }
}

function bothEnds({ fromMs, untilMs }: Span) {
  return [
    { fromMs, expected: undefined },
    { fromMs: untilMs, expected: false },
  ];
}

/** If five or more recordings were requested and none came, one of these alarms is raised unless another is. */
function checkNight(run: RunRecord, alarms: readonly Span[], report: ReportAlarm): void {
  const responses = Map.groupBy(
    run.requests.filter(({ target }) => itemOf(target).recordingId !== undefined),
    ({ target }) => itemOf(target).recordingId,
  );
  const isStored = run.written.some((key) => key.includes("/recordings/"));
  if (run.status === "superseded" || responses.size < 5 || isStored) return;
  const soon = { fromMs: run.endMs, untilMs: run.endMs + promptMs };
  if (!firstOverlap(soon, alarms))
    report("nightInVainIsTold", "none", run.endMs, `${responses.size} recordings, none stored`);
}

function alarmSpans(changes: readonly AlarmChange[], alarm: string, untilMs: number): readonly Span[] {
  const own = changes.filter((change) => change.alarm === alarm);
  return own.flatMap(({ at, to }, n) =>
    to === "ALARM" ? [{ fromMs: at.getTime(), untilMs: own[n + 1]?.at.getTime() ?? untilMs }] : [],
  );
}

function iso(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16);
}
