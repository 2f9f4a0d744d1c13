import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { JobError } from "../errors.ts";
import { loginError } from "./login-error.ts";
import { userRequestHandler } from "./user-request-handler.ts";

/**
 * Stores a new value of a secret with the environment's AWS login.
 * @throws REQUEST_INVALID when AWS denies it or there is no such secret; STORAGE_FAILED
 */
export async function storeSecret(secretId: string, value: string): Promise<void> {
  const client = new SecretsManagerClient({ requestHandler: userRequestHandler({ environment: process.env }) });
  try {
    await client.send(new PutSecretValueCommand({ SecretId: secretId, SecretString: value }));
  } catch (error) {
    throw storeError(secretId, error);
  } finally {
    client.destroy();
  }
}

function storeError(secretId: string, error: unknown): JobError {
  const hint =
    "Allow it secretsmanager:PutSecretValue, and kms:Decrypt and kms:GenerateDataKey if the secret has its own KMS key.";
  const failed = loginError("store the credential", hint, `PutSecretValue ${secretId}`, error);
  if (failed.details.name !== "ResourceNotFoundException") return failed;
  return new JobError("REQUEST_INVALID", `There is no secret ${secretId}`, {
    cause: error,
    hint: "Deploy the stack again, or create the secret that credentialSecretName names.",
  });
}
