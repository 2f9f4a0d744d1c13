import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { expect, onTestFinished, test } from "vitest";
import { startAws } from "./server.ts";

async function openClient(accessKeyId = "lab") {
  const dir = await mkdtemp(join(tmpdir(), "nightshift-aws-"));
  const aws = await startAws({ dir, buckets: {}, stacks: { "nightshift-a": { ArchiveBucket: "s3://a&b/" } } });
  const credentials = { accessKeyId, secretAccessKey: "lab" };
  const client = new CloudFormationClient({ endpoint: aws.url, region: "us-east-1", credentials, maxAttempts: 1 });
  onTestFinished(async () => {
    client.destroy();
    await aws.stop();
    await rm(dir, { recursive: true, force: true });
  });
  return client;
}
const describeStack = (StackName: string) => new DescribeStacksCommand({ StackName });

test("a stack that does not exist is a ValidationError, as the API reference says", async () => {
  const client = await openClient();

  await expect(client.send(describeStack("nightshift-b"))).rejects.toMatchObject({
    name: "ValidationError",
    message: "Stack with id nightshift-b does not exist",
  });
});

test("a login that AWS does not know is refused by the name that CloudFormation has for it", async () => {
  const client = await openClient("another");

  await expect(client.send(describeStack("nightshift-a"))).rejects.toMatchObject({ name: "InvalidClientTokenId" });
});

test("a stack is described with its outputs", async () => {
  const client = await openClient();

  const { Stacks } = await client.send(describeStack("nightshift-a"));

  expect(Stacks).toMatchObject([
    { StackName: "nightshift-a", Outputs: [{ OutputKey: "ArchiveBucket", OutputValue: "s3://a&b/" }] },
  ]);
});
