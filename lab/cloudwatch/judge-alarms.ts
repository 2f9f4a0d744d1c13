import { type AlarmState, nextAlarmState } from "./alarm-state.ts";
import type { MetricData } from "./metric-data.ts";
import { evaluateMath, type Series } from "./metric-math.ts";
import { keyOf, type Metrics, type PublishedData, publishedMetrics } from "./published-metrics.ts";
import { alarmsIn, type JsonTemplate, type TemplateAlarm } from "./template-alarms.ts";

export interface AlarmChange {
  readonly at: Date;
  /** The alarm's name without the stack's. */
  readonly alarm: string;
  readonly from: AlarmState;
  readonly to: AlarmState;
  /** True if the alarm sends an e-mail for it. */
  readonly mails: boolean;
}

export interface JudgeOptions {
  readonly template: JsonTemplate;
  /** In any order. */
  readonly published: readonly PublishedData[];
  /** When the alarms are created. */
  readonly from: Date;
  readonly to: Date;
  /** Delay in ms until data is visible. @default 2 minutes */
  readonly delayMs?: number;
  /** Periods that are read beyond the evaluation periods; not documented. @default 2 */
  readonly extraPeriods?: number;
  /** True if FILL makes data for a metric that was never published; not documented. @default true */
  readonly fillsNeverPublished?: boolean;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** CloudWatch evaluates every minute, and the lab every five. In ms. */
const everyMs = 5 * minuteMs;

/**
 * Evaluates the alarms of a template over data published to CloudWatch, in windows that slide with each evaluation.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
 */
export function judgeAlarms(options: JudgeOptions): AlarmChange[] {
  const { template, published, delayMs = 2 * minuteMs } = options;
  const data = publishedMetrics(published, delayMs);
  const changes = [...alarmsIn(template)].flatMap(([name, alarm]) => judge(name, alarm, data, options));
  return changes.sort((a, b) => a.at.getTime() - b.at.getTime());
}

function judge(name: string, alarm: TemplateAlarm, data: Metrics, options: JudgeOptions): AlarmChange[] {
  const { evaluationRange, rule, series, everyMs: step } = evaluatorOf(alarm, data, options);
  const warmUpMs = (alarm.WarmUpConfiguration?.WarmUpPeriodDurationInMinutes ?? 0) * minuteMs;
  const breaches = comparisonOf(alarm);
  const changes: AlarmChange[] = [];
  let state: AlarmState = "INSUFFICIENT_DATA";
  const created = options.from.getTime();
  const first = Math.ceil((created + Math.max(warmUpMs, 1)) / step) * step;
  let settledUntil = Number.NEGATIVE_INFINITY;
  for (let at = first; at <= options.to.getTime(); at += step) {
    if (at <= settledUntil) continue;
    const points = series.upTo(at, evaluationRange).map((value) => (value === undefined ? undefined : breaches(value)));
    const to = nextAlarmState(points, rule, state);
    // The same points leave the same state again.
    if (to === state) settledUntil = series.sameUntil(at, evaluationRange);
    if (to === state) continue;
    changes.push({ at: new Date(at), alarm: name, from: state, to, mails: mails(alarm, to) });
    state = to;
  }
  return changes;
}

function evaluatorOf(alarm: TemplateAlarm, data: Metrics, options: JudgeOptions) {
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods, TreatMissingData } = alarm;
  const periodMs =
    1000 * (alarm.Period ?? Math.max(...(alarm.Metrics ?? []).map((each) => each.MetricStat?.Period ?? 0)));
  return {
    evaluationRange: EvaluationPeriods + (options.extraPeriods ?? 2),
    rule: {
      evaluationPeriods: EvaluationPeriods,
      datapointsToAlarm: DatapointsToAlarm,
      treatMissingData: TreatMissingData,
    },
    // "Multi-day alarms are evaluated once per hour", up to the current hour at :00.
    everyMs: periodMs * EvaluationPeriods > dayMs ? hourMs : everyMs,
    series: createSeries(alarm, data, { periodMs, options }),
  };
}

interface SeriesOptions {
  readonly periodMs: number;
  readonly options: JudgeOptions;
}

interface SlidingSeries {
  /** Returns the values of `count` periods up to an instant. */
  readonly upTo: (at: number, count: number) => Series;
  /** Returns the last instant with the same values, because no period has gained or lost a point. */
  readonly sameUntil: (at: number, count: number) => number;
}

function createSeries(alarm: TemplateAlarm, data: Metrics, { periodMs, options }: SeriesOptions): SlidingSeries {
  const valuesOf = (metric: MetricData | undefined, statistic: string) => {
    return (at: number, count: number): Series => {
      const values = new Array<number | undefined>(count);
      for (let n = 0; n < count; n++) {
        const to = at - (count - 1 - n) * periodMs;
        values[n] = metric?.statistic(statistic, to - periodMs, to);
      }
      return values;
    };
  };
  const { Namespace = "", MetricName = "", Dimensions, Statistic = "", Metrics = [] } = alarm;
  const expression = Metrics.find((query) => query.Expression !== undefined)?.Expression;
  if (expression === undefined) {
    const metric = data.get(keyOf(Namespace, MetricName, Dimensions));
    return { upTo: valuesOf(metric, Statistic), sameUntil: sameUntilOf([metric], periodMs) };
  }
  const stats = Metrics.flatMap(({ Id: id, MetricStat: stat }) => {
    if (!stat) return [];
    const metric = data.get(keyOf(stat.Metric.Namespace, stat.Metric.MetricName, stat.Metric.Dimensions));
    return [{ id, metric, values: valuesOf(metric, stat.Stat) }];
  });
  const { fillsNeverPublished = true } = options;
  const upTo = (at: number, count: number) =>
    evaluateMath(expression, {
      series: Object.fromEntries(stats.map(({ id, values }) => [id, values(at, count)])),
      neverPublished: new Set(stats.flatMap(({ id, metric }) => (metric?.hasAnyBefore(at) ? [] : [id]))),
      fillsNeverPublished,
    });
  const metrics = stats.map(({ metric }) => metric);
  return { upTo, sameUntil: sameUntilOf(metrics, periodMs) };
}

function sameUntilOf(metrics: readonly (MetricData | undefined)[], periodMs: number): SlidingSeries["sameUntil"] {
  return (at, count) => {
    let until = Number.POSITIVE_INFINITY;
    for (const metric of metrics)
      for (let ms = 0; metric && ms <= count * periodMs; ms += periodMs)
        until = Math.min(until, metric.nextFrom(at - ms) + ms);
    return until;
  };
}

function comparisonOf({ ComparisonOperator, Threshold }: TemplateAlarm): (value: number) => boolean {
  switch (ComparisonOperator) {
    case "GreaterThanOrEqualToThreshold":
      return (value) => value >= Threshold;
    case "LessThanOrEqualToThreshold":
      return (value) => value <= Threshold;
    case "LessThanThreshold":
      return (value) => value < Threshold;
    default:
      throw new Error(`The lab does not know ${ComparisonOperator}`);
  }
}

function mails(alarm: TemplateAlarm, to: AlarmState): boolean {
  const { AlarmActions, OKActions, InsufficientDataActions } = alarm;
  const actions = { ALARM: AlarmActions, OK: OKActions, INSUFFICIENT_DATA: InsufficientDataActions }[to];
  return alarm.ActionsEnabled && actions.length > 0;
}
