import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { describe, expect, test } from "vitest";
import { openAws } from "./server.ts";

const topic = "arn:aws:sns:us-east-1:123456789012:ops";

async function openClient(accessKeyId = "lab") {
  const aws = await openAws({ buckets: {}, topics: [topic] });
  const credentials = { accessKeyId, secretAccessKey: "lab" };
  const { requestHandler } = aws;
  const client = new SNSClient({
    ...{ endpoint: "http://127.0.0.1", region: "us-east-1" },
    credentials,
    requestHandler,
  });
  return { aws, client };
}

describe("SNS refuses", () => {
  test.each([
    ["a topic that does not exist", { TopicArn: `${topic}-2`, Subject: "a", Message: "b" }, "NotFoundException"],
    [
      "a subject of 100 characters",
      { TopicArn: topic, Subject: "x".repeat(100), Message: "b" },
      "InvalidParameterException",
    ],
    ["a subject that is not ASCII", { TopicArn: topic, Subject: "Größe", Message: "b" }, "InvalidParameterException"],
    ["an empty message", { TopicArn: topic, Subject: "a", Message: "" }, "InvalidParameterException"],
  ])("%s", async (_what, message, name) => {
    const { aws, client } = await openClient();

    await expect(client.send(new PublishCommand(message))).rejects.toMatchObject({ name });
    expect(aws.messages()).toEqual([]);
  });

  test("a login that AWS does not know", async () => {
    const { client } = await openClient("another");
    const message = { TopicArn: topic, Subject: "a", Message: "b" };

    await expect(client.send(new PublishCommand(message))).rejects.toMatchObject({ name: "InvalidClientTokenId" });
  });
});

test("SNS keeps what is published, oldest first", async () => {
  const { aws, client } = await openClient();
  const send = (Message: string) => client.send(new PublishCommand({ TopicArn: topic, Subject: "a & b", Message }));

  await send("first\nline");
  await send("second");

  expect(aws.messages()).toEqual([
    { topic, subject: "a & b", message: "first\nline" },
    { topic, subject: "a & b", message: "second" },
  ]);
});
