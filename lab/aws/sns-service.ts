import { randomUUID } from "node:crypto";
import type { Authenticate } from "./authenticate.ts";
import { AwsError } from "./aws-error.ts";
import { createQueryService, type QueryService } from "./query-service.ts";
import type { XmlFields } from "./xml.ts";

/** An e-mail address that a topic sends to, once its owner has confirmed it. */
export interface LabSubscription {
  readonly topic: string;
  readonly endpoint: string;
  readonly isConfirmed: boolean;
}

/** A message that a topic has received. */
export interface PublishedMessage {
  readonly topic: string;
  readonly subject: string;
  readonly message: string;
}

export interface SnsOptions {
  readonly authenticate: Authenticate;
  readonly published: PublishedMessage[];
  readonly subscriptions: readonly LabSubscription[];
}

/** Creates SNS, with the topics of these ARNs. It keeps what is published in `published`. */
export function createSnsService(
  topics: readonly string[],
  { authenticate, published, subscriptions }: SnsOptions,
): QueryService {
  return createQueryService({
    signedAs: "sns",
    namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
    authenticate,
    operations: {
      Publish: {
        subject: "TopicArn",
        perform: (form) => {
          published.push(acceptedMessage(topics, form));
          return { MessageId: randomUUID() };
        },
      },
      ListSubscriptionsByTopic: {
        subject: "TopicArn",
        perform: (form) => listSubscriptions(topics, subscriptions, form.get("TopicArn") ?? ""),
      },
    },
  });
}

/**
 * A subscription that is not confirmed has no ARN.
 * https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html
 */
function listSubscriptions(
  topics: readonly string[],
  subscriptions: readonly LabSubscription[],
  wanted: string,
): XmlFields {
  if (!topics.includes(wanted)) throw new AwsError(404, "NotFound", "Topic does not exist");
  const member = subscriptions
    .filter(({ topic }) => topic === wanted)
    .map(({ topic, endpoint, isConfirmed }, n) => ({
      ...{ TopicArn: topic, Protocol: "email", Endpoint: endpoint, Owner: "123456789012" },
      SubscriptionArn: isConfirmed ? `${topic}:${n}` : "PendingConfirmation",
    }));
  return { Subscriptions: { member } };
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
function acceptedMessage(topics: readonly string[], form: URLSearchParams): PublishedMessage {
  const [topic, subject, message] = ["TopicArn", "Subject", "Message"].map((name) => form.get(name) ?? "") as [
    string,
    string,
    string,
  ];
  if (!topics.includes(topic)) throw new AwsError(404, "NotFound", "Topic does not exist");
  const isSubject = /^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(subject);
  if (!isSubject) throw new AwsError(400, "InvalidParameter", "Invalid parameter: Subject");
  if (message === "") throw new AwsError(400, "InvalidParameter", "Invalid parameter: Empty message");
  return { topic, subject, message };
}
