import { GetScheduleCommand, ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { ListSubscriptionsByTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { openAws } from "./server.ts";

const target = "arn:aws:lambda:us-east-1:123456789012:function:start-run";
const schedule = {
  ...{ name: "nightshift-a", expression: "cron(30 3 * * ? *)", timeZone: "Europe/Berlin" },
  ...{ isEnabled: false, target, input: { job: "archive-calls" } },
};
const topic = "arn:aws:sns:us-east-1:123456789012:ops";
const subscriptions = [
  { topic, endpoint: "a@example.com", isConfirmed: true },
  { topic, endpoint: "b@example.com", isConfirmed: false },
];

async function clientOptions(accessKeyId = "lab") {
  const { requestHandler } = await openAws({
    buckets: {},
    schedules: [schedule, { ...schedule, name: "b" }],
    topics: [topic],
    subscriptions,
  });
  const credentials = { accessKeyId, secretAccessKey: "lab" };
  return { endpoint: "http://127.0.0.1", region: "us-east-1", credentials, requestHandler };
}

test("EventBridge Scheduler refuses a schedule that does not exist, and an unknown login", async () => {
  const client = new SchedulerClient(await clientOptions());
  const stranger = new SchedulerClient(await clientOptions("another"));

  await expect(client.send(new GetScheduleCommand({ Name: "c" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  await expect(stranger.send(new ListSchedulesCommand())).rejects.toMatchObject({
    name: "UnrecognizedClientException",
  });
});

test("EventBridge Scheduler lists the schedules with a prefix, and describes one", async () => {
  const client = new SchedulerClient(await clientOptions());

  const { Schedules } = await client.send(new ListSchedulesCommand({ NamePrefix: "nightshift-" }));
  const described = await client.send(new GetScheduleCommand({ Name: "nightshift-a" }));

  expect(Schedules).toMatchObject([{ Name: "nightshift-a", State: "DISABLED", Target: { Arn: target } }]);
  expect(described).toMatchObject({
    ...{ ScheduleExpression: "cron(30 3 * * ? *)", ScheduleExpressionTimezone: "Europe/Berlin" },
    Target: { Arn: target, Input: '{"job":"archive-calls"}' },
  });
});

test("SNS lists who gets a topic's e-mails; one who has not confirmed has no ARN", async () => {
  const client = new SNSClient(await clientOptions());

  const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }));

  expect(Subscriptions).toMatchObject([
    { Protocol: "email", Endpoint: "a@example.com", SubscriptionArn: `${topic}:0` },
    { Protocol: "email", Endpoint: "b@example.com", SubscriptionArn: "PendingConfirmation" },
  ]);
});
