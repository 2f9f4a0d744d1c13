import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from "@aws-sdk/client-secrets-manager";
import { mockClient } from "aws-sdk-client-mock";
import "aws-sdk-client-mock-vitest/extend";
import { afterAll, beforeEach, expect, test } from "vitest";
import { readSecret } from "../../shared/aws/secret.ts";
import { networkError } from "../support/aws/sdk-error.ts";
import { errorOf } from "../support/ringcentral/open-client.ts";

const secrets = mockClient(SecretsManagerClient);
const client = new SecretsManagerClient({});

beforeEach(() => {
  secrets.reset();
});
afterAll(() => secrets.restore());

const refusal = (name: string, httpStatusCode: number) =>
  new SecretsManagerServiceException({ name, message: "words", $fault: "client", $metadata: { httpStatusCode } });

test.each([
  ["it is empty", () => secrets.on(GetSecretValueCommand).resolves({ SecretString: "" })],
  ["it holds bytes", () => secrets.on(GetSecretValueCommand).resolves({ SecretBinary: new Uint8Array([1]) })],
  [
    "it has no version yet",
    () =>
      secrets
        .on(GetSecretValueCommand)
        .rejects(new ResourceNotFoundException({ message: "words", $metadata: { httpStatusCode: 400 } })),
  ],
])("a secret without a value (%s) is an error with the command that stores one", async (_why, arrange) => {
  arrange();

  const error = await errorOf(readSecret(client, "nightshift/rc"));

  expect(error).toMatchObject({ code: "CREDENTIAL_MISSING", retryable: false });
  expect(error).toHaveProperty("hint", expect.stringContaining("put-secret-value --secret-id nightshift/rc"));
});

test.each([
  ["AccessDeniedException", 400, false],
  ["DecryptionFailure", 400, false],
  ["ThrottlingException", 400, true],
  ["InternalServiceError", 500, true],
])("a %s (%i) says so, retryable: %s", async (name, status, retryable) => {
  secrets.on(GetSecretValueCommand).rejects(refusal(name, status));

  const error = await errorOf(readSecret(client, "nightshift/rc"));

  expect(error).toMatchObject({ code: "CREDENTIAL_MISSING", retryable, details: { status, name } });
  expect(error.message).toContain(name);
});

test("a request without a response may be retried", async () => {
  secrets.on(GetSecretValueCommand).rejects(networkError());

  expect(await errorOf(readSecret(client, "nightshift/rc"))).toMatchObject({ retryable: true });
});

test("`readSecret` returns the current value", async () => {
  secrets.on(GetSecretValueCommand).resolves({ SecretString: "{}" });

  expect(await readSecret(client, "nightshift/rc")).toBe("{}");
  expect(secrets).toHaveReceivedCommandExactlyOnceWith(GetSecretValueCommand, { SecretId: "nightshift/rc" });
});
