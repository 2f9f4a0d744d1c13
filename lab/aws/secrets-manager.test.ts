import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { describe, expect, test } from "vitest";
import { createClock } from "../clock.ts";
import { enterLab, labCredentials, outcomeOf, secretsClient } from "./trial/lab-under-test.ts";

const SecretId = "rc/main";
const token = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;

async function enter(secrets: Readonly<Record<string, string | undefined>>) {
  const clock = createClock(new Date(Date.now() + 1000));
  const aws = await enterLab({ secrets, clock });
  const client = secretsClient(aws);
  return {
    aws,
    client,
    get: (more = {}) => client.send(new GetSecretValueCommand({ SecretId, ...more })),
    put: (SecretString: string, more = {}) =>
      client.send(new PutSecretValueCommand({ SecretId, SecretString, ...more })),
    describe: () => client.send(new DescribeSecretCommand({ SecretId })),
  };
}

describe("Secrets Manager", () => {
  test("does not find a secret that was never created", async () => {
    const { get, put, describe } = await enter({});

    for (const work of [get(), put("x"), describe()]) {
      await expect(work).rejects.toMatchObject({
        name: "ResourceNotFoundException",
        message: "Secrets Manager can't find the specified secret.",
      });
    }
  });

  test("finds no value in a secret that was created without one", async () => {
    const { get, describe } = await enter({ [SecretId]: undefined });

    await expect(get()).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    });
    expect((await describe()).Name).toBe(SecretId);
  });

  test("refuses a request signed with the wrong secret key", async () => {
    const { aws } = await enter({ [SecretId]: "{}" });
    const credentials = { ...labCredentials, secretAccessKey: "wrong" };
    const client = new SecretsManagerClient({ region: "us-east-1", endpoint: aws.url, credentials, maxAttempts: 1 });

    const outcome = await outcomeOf(client.send(new GetSecretValueCommand({ SecretId })));

    expect(outcome).toBe("InvalidSignatureException");
  });

  test("does not find a version or a label that no version has", async () => {
    const { get } = await enter({ [SecretId]: "{}" });

    expect(await outcomeOf(get({ VersionStage: "AWSPREVIOUS" }))).toBe("ResourceNotFoundException");
    expect(await outcomeOf(get({ VersionId: token(1) }))).toBe("ResourceNotFoundException");
  });

  test("gives the same value by name and by ARN", async () => {
    const { get } = await enter({ [SecretId]: '{"jwt":"ü"}' });

    const byName = await get();
    const byArn = await get({ SecretId: byName.ARN });

    expect(byName).toMatchObject({ Name: SecretId, SecretString: '{"jwt":"ü"}', VersionStages: ["AWSCURRENT"] });
    expect(byName.ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:\d{12}:secret:rc\/main-\w{6}$/);
    expect(byName.CreatedDate).toBeInstanceOf(Date);
    expect(byArn.VersionId).toBe(byName.VersionId);
  });

  test("moves AWSCURRENT to a new value and AWSPREVIOUS to the one before", async () => {
    const { get, put, describe } = await enter({ [SecretId]: "first" });

    const second = await put("second");
    const third = await put("third");

    expect((await get()).SecretString).toBe("third");
    expect((await get({ VersionStage: "AWSPREVIOUS" })).SecretString).toBe("second");
    expect((await describe()).VersionIdsToStages).toEqual({
      [String(second.VersionId)]: ["AWSPREVIOUS"],
      [String(third.VersionId)]: ["AWSCURRENT"],
    });
  });

  test("puts a value under its own label without changing the current one", async () => {
    const { get, put } = await enter({ [SecretId]: "first" });

    await put("next", { VersionStages: ["AWSPENDING"] });

    expect((await get()).SecretString).toBe("first");
    expect((await get({ VersionStage: "AWSPENDING" })).SecretString).toBe("next");
  });

  test("accepts a repeated request once, and refuses its token for another value", async () => {
    const { get, put } = await enter({ [SecretId]: "first" });
    const ClientRequestToken = token(1);

    await put("second", { ClientRequestToken });
    await put("second", { ClientRequestToken });

    expect((await get({ VersionStage: "AWSPREVIOUS" })).SecretString).toBe("first");
    expect(await outcomeOf(put("third", { ClientRequestToken }))).toBe("ResourceExistsException");
  });

  test("creates a secret once, with or without a value", async () => {
    const { client, get } = await enter({});

    const made = await client.send(new CreateSecretCommand({ Name: SecretId, SecretString: "first" }));

    expect((await get()).VersionId).toBe(made.VersionId);
    expect(await outcomeOf(client.send(new CreateSecretCommand({ Name: SecretId })))).toBe("ResourceExistsException");
    expect(await outcomeOf(client.send(new CreateSecretCommand({ Name: "empty" })))).toBe("accepted");
    expect(await outcomeOf(get({ SecretId: "empty" }))).toBe("ResourceNotFoundException");
  });

  test("lets the lab rotate a secret under a running caller", async () => {
    const { aws, get } = await enter({ [SecretId]: "first" });

    aws.putSecret(SecretId, "rotated");

    expect((await get()).SecretString).toBe("rotated");
  });
});
