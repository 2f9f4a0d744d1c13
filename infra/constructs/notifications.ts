import { Stack } from "aws-cdk-lib";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import type { Urgency } from "../../shared/job-deployment.ts";
import { isTopicArn } from "../recipient-setting.ts";

export interface NotificationsProps {
  /** E-mail addresses, and ARNs of existing topics. */
  readonly recipients: Readonly<Record<Kind, readonly string[]>>;
}

type Kind = Urgency | "morningNote";

const kinds = {
  actNow: { id: "ActNow", name: "Nightshift: act now" },
  thisWeek: { id: "ThisWeek", name: "Nightshift: this week" },
  morningNote: { id: "MorningNote", name: "Nightshift: morning note" },
} as const;

/** The topics of the alarms by urgency, and of the morning note: one with the e-mail addresses, and existing ones. */
export class Notifications extends Construct {
  readonly topics: Readonly<Record<Kind, readonly ITopic[]>>;
  /** The topics with e-mail addresses, by id. */
  readonly ownTopics: Record<string, ITopic> = {};

  constructor(scope: Construct, id: string, { recipients }: NotificationsProps) {
    super(scope, id);
    const topicsOf = (kind: Kind) => this.topicsOf(kind, recipients[kind]);
    this.topics = {
      actNow: topicsOf("actNow"),
      thisWeek: topicsOf("thisWeek"),
      morningNote: topicsOf("morningNote"),
    };
    for (const topic of [...this.topics.actNow, ...this.topics.thisWeek]) this.allowAlarms(topic);
  }

  private topicsOf(kind: Kind, recipients: readonly string[]): ITopic[] {
    const { id, name } = kinds[kind];
    const existing = recipients.filter(isTopicArn).map((arn, n) => Topic.fromTopicArn(this, `${id}${n}`, arn));
    const emails = recipients.filter((recipient) => !isTopicArn(recipient));
    if (emails.length === 0) return existing;
    const topic = new Topic(this, id, { displayName: name, enforceSSL: true });
    for (const email of emails) topic.addSubscription(new EmailSubscription(email));
    this.ownTopics[id] = topic;
    return [topic, ...existing];
  }

  /** The policy of an existing topic is its owner's. */
  private allowAlarms(topic: ITopic): void {
    const ownAccount = { StringEquals: { "aws:SourceAccount": Stack.of(this).account } };
    topic.grantPublish(new ServicePrincipal("cloudwatch.amazonaws.com", { conditions: ownAccount }));
  }
}
