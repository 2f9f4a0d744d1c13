import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { readSecret } from "../aws/secret.ts";
import { MetricName, neverExpiresDays } from "../contract.ts";
import { type Credential, daysUntilExpiry, parseCredential } from "../ringcentral/auth/credential.ts";
import type { MetricsSink } from "../runtime/metrics.ts";

interface CredentialReaderOptions {
  readonly secrets: SecretsManagerClient;
  readonly secretId: string;
  readonly now: () => Date;
  readonly metrics: MetricsSink;
}

/**
 * Returns a function that reads the secret and publishes in how many days its JWT expires.
 * @throws CREDENTIAL_MISSING, CREDENTIAL_INVALID
 */
export function createCredentialReader({ secrets, secretId, now, metrics }: CredentialReaderOptions) {
  return async (): Promise<Credential> => {
    const credential = parseCredential(await readSecret(secrets, secretId), now());
    const days = daysUntilExpiry(credential, now()) ?? neverExpiresDays;
    metrics.set(MetricName.credentialDaysLeft, Math.min(days, neverExpiresDays));
    return credential;
  };
}
