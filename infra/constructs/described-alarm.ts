import { Stack } from "aws-cdk-lib";
import { Alarm, type AlarmProps, ComparisonOperator, type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { Urgency } from "../../shared/job-deployment.ts";
import { type AlarmMail, type AlarmMailOptions, alarmMail } from "./alarm-mails.ts";

export interface AlarmFacts extends AlarmMail {
  readonly urgency: Urgency;
  /** What distinguishes the alarm from others of its chapter, such as a job's name. */
  readonly suffix?: string;
}

export interface AlarmOptions extends AlarmMailOptions {
  readonly topics: Readonly<Record<Urgency, readonly ITopic[]>>;
}

/** When an alarm is raised. */
export type Condition = Omit<AlarmProps, "alarmName" | "alarmDescription">;

interface DescribedAlarmProps {
  readonly facts: AlarmFacts;
  readonly condition: Condition;
  readonly options: AlarmOptions;
}

/** An alarm that notifies the topics of its urgency, by an e-mail that says what to do. */
export class DescribedAlarm extends Alarm {
  private readonly topics: readonly ITopic[];

  constructor(scope: Construct, { facts, condition, options }: DescribedAlarmProps) {
    const { chapter, suffix, urgency } = facts;
    const name = suffix === undefined ? chapter : `${chapter}-${suffix}`;
    super(scope, name, {
      ...condition,
      // The subject of the e-mail. A fixed name is safe: only a change of the name replaces an alarm.
      alarmName: `${Stack.of(scope).stackName}-${name}`,
      alarmDescription: alarmMail(scope, facts, options),
    });
    this.topics = options.topics[urgency];
    for (const topic of this.topics) this.addAlarmAction(new SnsAction(topic));
  }

  /** Notifies the same topics when the alarm ends. */
  notifyOfEnd(): void {
    for (const topic of this.topics) this.addOkAction(new SnsAction(topic));
  }
}

/** Condition of an incident. It looks back one hour and then ends, so that the next incident sends another e-mail. */
export function incident(metric: IMetric): Condition {
  return {
    metric,
    threshold: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    // Metrics may arrive late.
    evaluationPeriods: 12,
    datapointsToAlarm: 1,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  };
}

/** Condition of a state. It changes only with a new value. */
export function state(condition: Pick<AlarmProps, "metric" | "threshold" | "comparisonOperator">): Condition {
  return { ...condition, evaluationPeriods: 1, treatMissingData: TreatMissingData.IGNORE };
}
