import { createHash, randomUUID } from "node:crypto";
import type { LabClock } from "../clock.ts";
import { AwsError } from "./aws-error.ts";

/** Secrets in memory only, so that a real credential used with the lab is never stored on disk. */
export interface SecretStore {
  /** By name, ARN, or ARN without its random end. */
  find(id: string): Secret | undefined;
  create(name: string): Secret;
  /** Adds a version and moves the staging labels to it. */
  addVersion(secret: Secret, version: NewSecretVersion): SecretVersion;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly createdMs: number;
  readonly versions: SecretVersion[];
}

export interface SecretValue {
  readonly SecretString?: string;
  readonly SecretBinary?: string;
}

export interface NewSecretVersion {
  readonly value: SecretValue;
  readonly versionId?: string;
  readonly stages?: readonly string[];
}

export interface SecretVersion {
  readonly versionId: string;
  readonly value: SecretValue;
  readonly createdMs: number;
  stages: readonly string[];
}

export const currentStage = "AWSCURRENT";
const previousStage = "AWSPREVIOUS";

export function createSecretStore(clock: LabClock): SecretStore {
  const secrets: Secret[] = [];
  return {
    find: (id) => secrets.find(({ name, arn }) => [name, arn, arn.slice(0, -7)].includes(id)),
    create: (name) => {
      const secret: Secret = { name, arn: arnOf(name), createdMs: clock.now(), versions: [] };
      secrets.push(secret);
      return secret;
    },
    addVersion: (secret, { value, versionId = randomUUID(), stages = [currentStage] }) => {
      const existing = secret.versions.find((version) => version.versionId === versionId);
      if (existing) return sameOrRefused(existing, value);
      moveStages(secret, stages);
      const version = { versionId, value, createdMs: clock.now(), stages };
      secret.versions.push(version);
      return version;
    },
  };
}

export function isCurrent(version: SecretVersion): boolean {
  return version.stages.includes(currentStage);
}

/** A label names one version; the one that loses AWSCURRENT becomes AWSPREVIOUS. */
function moveStages(secret: Secret, stages: readonly string[]): void {
  const outgoing = stages.includes(currentStage) ? secret.versions.find(isCurrent) : undefined;
  const taken = outgoing ? [...stages, previousStage] : stages;
  for (const version of secret.versions) version.stages = version.stages.filter((stage) => !taken.includes(stage));
  if (outgoing) outgoing.stages = [...outgoing.stages, previousStage];
}

/** Secrets Manager API reference, PutSecretValue: a repeated ClientRequestToken is the same request or a mistake. */
function sameOrRefused(existing: SecretVersion, value: SecretValue): SecretVersion {
  const isSame =
    existing.value.SecretString === value.SecretString && existing.value.SecretBinary === value.SecretBinary;
  if (isSame) return existing;
  const message = `You can't use ClientRequestToken ${existing.versionId} because that value is already in use for a version of this secret.`;
  throw new AwsError(400, "ResourceExistsException", message);
}

function arnOf(name: string): string {
  const end = createHash("sha256").update(name).digest("hex").slice(0, 6);
  return `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}-${end}`;
}
