import { paginateListSubscriptionsByTopic, SNSClient } from "@aws-sdk/client-sns";
import type { TopicEmails } from "../core/access/stack-lines.ts";
import { loginError } from "./login-error.ts";
import { userRequestHandler } from "./user-request-handler.ts";

/** Counts a topic's e-mail addresses, with the environment's login. @throws REQUEST_INVALID when AWS denies it */
export async function readTopicEmails(topic: string): Promise<TopicEmails> {
  const client = new SNSClient({ requestHandler: userRequestHandler({ environment: process.env }) });
  let [confirmed, pending] = [0, 0];
  try {
    // A subscription that is not confirmed has no ARN.
    for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client }, { TopicArn: topic }))
      for (const { SubscriptionArn = "" } of Subscriptions.filter(({ Protocol }) => Protocol === "email"))
        if (SubscriptionArn.startsWith("arn:")) confirmed++;
        else pending++;
    return { confirmed, pending };
  } catch (error) {
    const hint = "Allow it sns:ListSubscriptionsByTopic.";
    throw loginError("read a topic's subscriptions", hint, "ListSubscriptionsByTopic", error);
  } finally {
    client.destroy();
  }
}
