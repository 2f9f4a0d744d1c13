import { AwsError } from "./aws-error.ts";
import { currentStage, type Secret, type SecretStore, type SecretVersion } from "./secret-store.ts";

/** The members of Secrets Manager's requests that the lab reads. */
export interface SecretsRequest {
  readonly Name?: string;
  readonly SecretId?: string;
  readonly SecretString?: string;
  readonly SecretBinary?: string;
  readonly ClientRequestToken?: string;
  readonly VersionId?: string;
  readonly VersionStage?: string;
  readonly VersionStages?: readonly string[];
  readonly Description?: string;
}

export type SecretsHandler = (request: SecretsRequest, secrets: SecretStore) => object;

export const secretsHandlers: Readonly<Record<string, SecretsHandler>> = {
  CreateSecret: createSecret,
  DescribeSecret: describeSecret,
  GetSecretValue: getSecretValue,
  PutSecretValue: putSecretValue,
};

function getSecretValue(request: SecretsRequest, secrets: SecretStore): object {
  const secret = findSecret(request, secrets);
  const version = findVersion(request, secret);
  return { ...versionFields(secret, version), ...version.value, CreatedDate: version.createdMs / 1000 };
}

function putSecretValue(request: SecretsRequest, secrets: SecretStore): object {
  const secret = findSecret(request, secrets);
  if (!hasValue(request)) throw invalid("You must provide either SecretString or SecretBinary.");
  return versionFields(secret, addVersion(request, secret, secrets));
}

function describeSecret(request: SecretsRequest, secrets: SecretStore): object {
  const secret = findSecret(request, secrets);
  const labelled = secret.versions.filter((version) => version.stages.length > 0);
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: secret.createdMs / 1000,
    LastChangedDate: (secret.versions.at(-1)?.createdMs ?? secret.createdMs) / 1000,
    VersionIdsToStages: Object.fromEntries(labelled.map(({ versionId, stages }) => [versionId, stages])),
  };
}

function createSecret(request: SecretsRequest, secrets: SecretStore): object {
  const { Name: name } = request;
  if (!name) throw invalid("You must provide a name for the secret.");
  if (secrets.find(name)) {
    const message = `The operation failed because the secret ${name} already exists.`;
    throw new AwsError(400, "ResourceExistsException", message);
  }
  const secret = secrets.create(name);
  if (!hasValue(request)) return { ARN: secret.arn, Name: name };
  return versionFields(secret, addVersion(request, secret, secrets));
}

function findSecret(request: SecretsRequest, secrets: SecretStore): Secret {
  const secret = secrets.find(request.SecretId ?? "");
  if (secret) return secret;
  throw new AwsError(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
}

function findVersion(request: SecretsRequest, secret: Secret): SecretVersion {
  const { VersionId: versionId } = request;
  const stage = request.VersionStage ?? (versionId === undefined ? currentStage : undefined);
  const version = secret.versions.find(
    (candidate) =>
      (versionId === undefined || candidate.versionId === versionId) &&
      (stage === undefined || candidate.stages.includes(stage)),
  );
  if (version) return version;
  const what = versionId === undefined ? `staging label: ${stage}` : `VersionId: ${versionId}`;
  const message = `Secrets Manager can't find the specified secret value for ${what}`;
  throw new AwsError(400, "ResourceNotFoundException", message);
}

function addVersion(request: SecretsRequest, secret: Secret, secrets: SecretStore): SecretVersion {
  const { SecretString, SecretBinary, ClientRequestToken: versionId, VersionStages: stages } = request;
  const value = { ...(SecretString !== undefined && { SecretString }), ...(SecretBinary && { SecretBinary }) };
  return secrets.addVersion(secret, { value, ...(versionId && { versionId }), ...(stages && { stages }) });
}

function versionFields(secret: Secret, version: SecretVersion): object {
  return { ARN: secret.arn, Name: secret.name, VersionId: version.versionId, VersionStages: version.stages };
}

function hasValue(request: SecretsRequest): boolean {
  return request.SecretString !== undefined || request.SecretBinary !== undefined;
}

function invalid(message: string): AwsError {
  return new AwsError(400, "InvalidRequestException", message);
}
