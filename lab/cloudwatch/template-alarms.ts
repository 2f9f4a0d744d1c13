import { z } from "zod";

const Dimensions = z.array(z.object({ Name: z.string(), Value: z.unknown() }));
const MetricStat = z.object({
  Metric: z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions }).partial({ Dimensions: true }),
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
  AlarmName: z.string(),
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
  Dimensions: Dimensions.optional(),
  Period: z.number().optional(),
  Statistic: z.string().optional(),
  Metrics: z.array(Query).optional(),
  WarmUpConfiguration: z
    .object({ WarmUpPeriodDurationInMinutes: z.number(), OnlyStartEvaluatingAfterWarmUpPeriodEnds: z.literal(true) })
    .optional(),
});
export type TemplateAlarm = z.infer<typeof Alarm>;

/** A CloudFormation template, as JSON. */
export interface JsonTemplate {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties?: unknown }>>;
}

/** The alarms of a template, by their names without the stack's: the anchor in the handbook, and what follows it. */
export function alarmsIn(template: JsonTemplate): Map<string, TemplateAlarm> {
  const alarms = propertiesOf(template, "AWS::CloudWatch::Alarm").map((properties) => Alarm.parse(properties));
  return new Map(alarms.map((alarm) => [nameOf(alarm), alarm]));
}

function nameOf(alarm: TemplateAlarm): string {
  return alarm.AlarmName.slice(alarm.AlarmName.indexOf(anchorIn(alarm)));
}

/** A description that names resources is a `Fn::Join`; its last text ends as the description does. */
function anchorIn({ AlarmDescription }: TemplateAlarm): string {
  return /#([\w-]+)"[\]}]*$/.exec(JSON.stringify(AlarmDescription))?.[1] ?? "";
}

function propertiesOf({ Resources = {} }: JsonTemplate, type: string): unknown[] {
  return Object.values(Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties] : []));
}
