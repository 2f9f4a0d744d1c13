import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod/mini";
import { type Bucket, createBucket } from "../aws/bucket.ts";
import { createRunOwner, OwnerRecord } from "../aws/run-owner.ts";
import { createS3Clock } from "../aws/s3-clock.ts";
import { readSecret } from "../aws/secret.ts";
import { createSigner, type Signer } from "../aws/signer.ts";
import { versionedObject } from "../aws/versioned-object.ts";
import { Env, Metric } from "../contract.ts";
import { stateKeys } from "../core/object-keys.ts";
import type { SettleRules } from "../core/settling.ts";
import { jobs } from "../jobs.ts";
import { type Client, createClient } from "../ringcentral/client.ts";
import { parseCredential } from "../ringcentral/credential.ts";
import { createRateGate } from "../ringcentral/rate-gate.ts";
import { defaultTimeLimits, type TimeLimits } from "../ringcentral/time-limits.ts";
import { createTokenBroker, type TokenBroker } from "../ringcentral/token-broker.ts";
import { createTokenExchange, revokeToken } from "../ringcentral/token-exchange.ts";
import { TokenRecord } from "../ringcentral/token-record.ts";
import { parseConfig } from "../runtime/config.ts";
import type { Run, RunServices, Telling } from "../runtime/job.ts";
import { createLog } from "../runtime/log.ts";
import { createMetrics, type MetricsSink } from "../runtime/metrics.ts";
import { ArchiveEnvironment, rulesOf, wholeSeconds } from "./settings.ts";

/** What the archive's steps work with. */
export interface ArchiveServices extends RunServices {
  readonly run: Run;
  readonly archive: Bucket;
  readonly state: Bucket;
  readonly client: Client;
  readonly broker: TokenBroker;
  readonly metrics: MetricsSink;
  readonly timeZone: string;
  readonly archiveFrom: string;
  readonly rules: SettleRules;
  /** Signs the ledger's entries, where the account does. */
  readonly sign: Signer | undefined;
}

const Environment = z.extend(ArchiveEnvironment, {
  [Env.credentialSecret]: z.string().check(z.minLength(1)),
  [Env.signWith]: z.optional(z.string()),
  [Env.silenceLimit]: wholeSeconds(30),
});
const job = "archive-calls";

/** Tells of a run by log and metrics. */
export function archiveTelling(run: Run): Telling {
  const log = createLog(job, run.name);
  return {
    log,
    publish: () => metrics().publish(),
    ended: (status, error) => {
      if (status === "failed") metrics().add(Metric.runsFailed);
      // A run that was superseded was alive to see it: a first run of many days ends so every night.
      else metrics().add(Metric.runsFinished);
      if (error) log.error("run failed", error.toJSON());
      else log.info(`run ${status}`);
    },
  };
}

/** Opens the services for a slice. What lives as long as the container is made once; the rate gates anew for each slice. */
export function archiveServices(environment: Readonly<Record<string, string | undefined>>) {
  let container: ReturnType<typeof openContainer> | undefined;
  return async (run: Run): Promise<ArchiveServices> => {
    container ??= openContainer(environment);
    const { config, archive, state, now, broker, owner, sign } = container;
    container.setPersonAsks(run.manual);
    const gates = { light: createRateGate(now), heavy: createRateGate(now) };
    const client = createClient({
      ...{ broker, gates, fetch, now, sleep },
      server: await broker.server(),
      timeLimits: limitsOf(config[Env.silenceLimit]),
      onAnswer: ({ status }) => {
        metrics().add(Metric.apiRequests);
        if (status === 429) metrics().add(Metric.rateLimited);
      },
    });
    return {
      ...{ run, archive, state, client, broker, now, owner, sign },
      metrics: metrics(),
      log: createLog(job, run.name),
      restUntil: gates.heavy.restUntil,
      timeZone: config[Env.timeZone],
      archiveFrom: config[Env.archiveFrom],
      rules: rulesOf(config),
    };
  };
}

/** All limits from the one that is a setting: how long RingCentral may be silent. */
function limitsOf(seconds: number): TimeLimits {
  const share = (seconds * 1000) / defaultTimeLimits.idleMs;
  const { headersMs, idleMs, textMs, recordingMs } = defaultTimeLimits;
  return {
    headersMs: headersMs * share,
    idleMs: idleMs * share,
    textMs: textMs * share,
    recordingMs: recordingMs * share,
  };
}

let sink: MetricsSink | undefined;

/** One set of counts for a container; published with each slice. */
function metrics(): MetricsSink {
  sink ??= createMetrics(job);
  return sink;
}

function openContainer(environment: Readonly<Record<string, string | undefined>>) {
  const config = parseConfig(Environment, environment);
  const s3 = new S3Client({
    // Every write names its own SHA-256; a second checksum would be computed for nothing.
    requestChecksumCalculation: "WHEN_REQUIRED",
    requestHandler: { connectionTimeout: 3_000, socketTimeout: 30_000 },
  });
  const secrets = new SecretsManagerClient({});
  const now = createS3Clock(s3, Date.now);
  const state = createBucket(s3, config[Env.stateBucket]);
  // One login for all jobs: the token carries what they need together.
  const scopes = [...new Set(Object.values(jobs).flatMap((deployment) => deployment.scopes))];
  let personAsks = false;
  const broker = createTokenBroker({
    readCredential: async () => parseCredential(await readSecret(secrets, config[Env.credentialSecret]), now()),
    records: (name) => versionedObject(state, stateKeys.token(name), TokenRecord),
    exchange: createTokenExchange({ scopes, fetch }),
    revoke: (credential, token) => revokeToken(credential, token, fetch),
    scopes,
    now,
    sleep,
    nonce: randomUUID,
    personAsks: () => personAsks,
    onExchange: () => metrics().add(Metric.tokenExchanges),
  });
  const keyArn = config[Env.signWith];
  const ownerRecord = versionedObject(state, stateKeys.owner(job), OwnerRecord);
  return {
    config,
    archive: createBucket(s3, config[Env.archiveBucket]),
    state,
    now,
    broker,
    owner: createRunOwner(ownerRecord, { now, nonce: randomUUID }),
    sign: keyArn ? createSigner(new KMSClient({}), keyArn) : undefined,
    setPersonAsks: (asks: boolean) => {
      personAsks = asks;
    },
  };
}
