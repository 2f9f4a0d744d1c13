import { z } from "zod";

const MetricStat = z.object({
  Metric: z
    .object({ Namespace: z.string(), MetricName: z.string(), Dimensions: z.unknown() })
    .partial({ Dimensions: true }),
  Period: z.number(),
  Stat: z.string(),
});
const Query = z.object({
  Id: z.string(),
  Expression: z.string().optional(),
  MetricStat: MetricStat.optional(),
  ReturnData: z.boolean().optional(),
});
const Alarm = z.object({
  AlarmDescription: z.unknown(),
  ActionsEnabled: z.boolean().default(true),
  AlarmActions: z.array(z.unknown()).default([]),
  OKActions: z.array(z.unknown()).default([]),
  InsufficientDataActions: z.array(z.unknown()).default([]),
  ComparisonOperator: z.string(),
  Threshold: z.number(),
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number().optional(),
  TreatMissingData: z.enum(["missing", "ignore", "breaching", "notBreaching"]).default("missing"),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.unknown().optional(),
  Period: z.number().optional(),
  Statistic: z.string().optional(),
  Metrics: z.array(Query).optional(),
  WarmUpConfiguration: z
    .object({ WarmUpPeriodDurationInMinutes: z.number(), OnlyStartEvaluatingAfterWarmUpPeriodEnds: z.literal(true) })
    .optional(),
});
export type TemplateAlarm = z.infer<typeof Alarm>;

const MetricFilter = z.object({
  FilterPattern: z.string(),
  LogGroupName: z.object({ Ref: z.string() }),
  MetricTransformations: z.tuple([
    z.object({ MetricNamespace: z.string(), MetricName: z.string(), MetricValue: z.string() }),
  ]),
});
export type TemplateMetricFilter = z.infer<typeof MetricFilter>;

/** A CloudFormation template, as JSON. */
export interface JsonTemplate {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>;
}

/** The alarms of a template, by the anchor in the handbook that each description ends with. */
export function alarmsIn(template: JsonTemplate): Map<string, TemplateAlarm> {
  const alarms = propertiesOf(template, "AWS::CloudWatch::Alarm").map((properties) => Alarm.parse(properties));
  return new Map(alarms.map((alarm) => [anchorIn(alarm), alarm]));
}

/** A description that names resources is a `Fn::Join`; its last text ends as the description does. */
function anchorIn({ AlarmDescription }: TemplateAlarm): string {
  return /#([\w-]+)"[\]}]*$/.exec(JSON.stringify(AlarmDescription))?.[1] ?? "";
}

export function metricFiltersIn(template: JsonTemplate): TemplateMetricFilter[] {
  return propertiesOf(template, "AWS::Logs::MetricFilter").map((properties) => MetricFilter.parse(properties));
}

function propertiesOf({ Resources = {} }: JsonTemplate, type: string): unknown[] {
  return Object.values(Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));
}
