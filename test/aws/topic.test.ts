import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { mockClient } from "aws-sdk-client-mock";
import { expect, test } from "vitest";
import { createTopic } from "../../shared/aws/topic.ts";
import { s3Error } from "../support/aws/sdk-error.ts";

const arn = "arn:aws:sns:us-east-1:123456789012:ops";
const message = { subject: "nightshift-acme: complete", text: "Complete to 26 Nov." };

function openTopic() {
  const client = mockClient(SNSClient);
  return { client, topic: createTopic(client as unknown as SNSClient, arn) };
}

test.each([
  [403, false],
  [404, false],
  [429, true],
  [500, true],
])("a %i of SNS is NOTIFY_FAILED, which says where to look", async (status, retryable) => {
  const { client, topic } = openTopic();
  client.on(PublishCommand).rejects(s3Error(status, "AuthorizationError"));

  await expect(topic.publish(message)).rejects.toMatchObject({
    code: "NOTIFY_FAILED",
    message: `Publishing to ${arn} returned ${status} AuthorizationError`,
    hint: expect.stringContaining("notify.morningNote"),
    retryable,
  });
});

test("a message is published with its subject", async () => {
  const { client, topic } = openTopic();
  client.on(PublishCommand).resolves({ MessageId: "1" });

  await topic.publish(message);

  expect(client.commandCalls(PublishCommand).map(({ args }) => args[0].input)).toEqual([
    { TopicArn: arn, Subject: message.subject, Message: message.text },
  ]);
});
