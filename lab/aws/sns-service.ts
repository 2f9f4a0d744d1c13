import { randomUUID } from "node:crypto";
import type { Authenticate } from "./authenticate.ts";
import { AwsError } from "./aws-error.ts";
import { createQueryService, type QueryService } from "./query-service.ts";

/** A message that a topic has received. */
export interface PublishedMessage {
  readonly topic: string;
  readonly subject: string;
  readonly message: string;
}

/** Creates SNS, with the topics of these ARNs. It keeps what is published in `published`. */
export function createSnsService(
  topics: readonly string[],
  { authenticate, published }: { readonly authenticate: Authenticate; readonly published: PublishedMessage[] },
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
    },
  });
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
