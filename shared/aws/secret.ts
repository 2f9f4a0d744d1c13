import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { JobError } from "../errors.ts";

/**
 * Reads a secret's current value.
 * @throws CREDENTIAL_MISSING when it has no value or cannot be read; the hint has the command that stores one
 */
export async function readSecret(client: SecretsManagerClient, secretId: string): Promise<string> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    if (SecretString) return SecretString;
  } catch (cause) {
    if (!(cause instanceof ResourceNotFoundException)) throw unreadable(secretId, cause);
  }
  throw new JobError("CREDENTIAL_MISSING", `The secret ${secretId} has no value`, {
    hint: `Store the credential: aws secretsmanager put-secret-value --secret-id ${secretId} --secret-string file://rc.json`,
  });
}

function unreadable(secretId: string, cause: unknown): JobError {
  const { name, $metadata } = cause as { name?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  const isTemporary = status === undefined || status >= 500 || name === "ThrottlingException";
  return new JobError(
    "CREDENTIAL_MISSING",
    `Reading the secret ${secretId} failed: ${[status, name].filter(Boolean).join(" ")}`,
    {
      cause,
      retryable: isTemporary,
      details: { status, name },
      hint: isTemporary ? "No action: the run retries." : "Compare the function's role with the deployed stack.",
    },
  );
}
