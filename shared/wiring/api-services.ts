import { readSecret } from "../aws/secret.ts";
import { versionedObject } from "../aws/versioned-object.ts";
import { Env, MetricName, neverExpiresDays } from "../contract.ts";
import { stateKeys } from "../core/object-keys.ts";
import { type JobName, jobs } from "../jobs.ts";
import { daysUntilExpiry, parseCredential } from "../ringcentral/auth/credential.ts";
import { withScopeFallback } from "../ringcentral/auth/scope-fallback.ts";
import { createTokenBroker, type TokenBroker } from "../ringcentral/auth/token-broker.ts";
import { createTokenExchange, revokeToken } from "../ringcentral/auth/token-exchange.ts";
import { TokenRecord } from "../ringcentral/auth/token-record.ts";
import type { RateGroup } from "../ringcentral/http/authorized-fetch.ts";
import { type Client, createClient } from "../ringcentral/http/client.ts";
import { closedClient } from "../ringcentral/http/closed-client.ts";
import { createRateGate } from "../ringcentral/http/rate-gate.ts";
import { defaultTimeLimits, type TimeLimits } from "../ringcentral/http/timeouts.ts";
import type { Run } from "../runtime/job.ts";
import type { ApiEnvironment } from "./environment.ts";
import type { ContainerOptions } from "./lazy-services.ts";
import type { Outside } from "./outside.ts";
import { openStorage, type StorageServices } from "./storage-services.ts";

/** What the steps of a job that asks RingCentral work with. */
export interface ApiServices extends StorageServices {
  readonly client: Client;
  readonly broker: TokenBroker;
}

export interface ApiOptions extends ContainerOptions {
  /** The rate group that the job's paced work uses up. */
  readonly paced: RateGroup;
}

/** What a container opens once; the client and its rate gates are made anew for each slice. */
export function openApi(config: ApiEnvironment, options: ApiOptions) {
  const { job, metrics, paced, outside } = options;
  const { fetch, sleep } = outside;
  const storage = openStorage(config, options);
  let personAsks = false;
  let broker: TokenBroker | undefined;
  let renewals = { run: "", renewedFor: new Map<string, string>() };
  return async (run: Run): Promise<ApiServices> => {
    const services = storage(run);
    personAsks = run.manual;
    broker ??= openBroker(config, { job, outside, personAsks: () => personAsks }, services);
    const { now } = services;
    const gates = { light: createRateGate(now), heavy: createRateGate(now) };
    if (renewals.run !== run.name) renewals = { run: run.name, renewedFor: new Map() };
    const timeLimits = limitsOf(config[Env.idleTimeout]);
    const clientOptions = {
      ...{ broker, gates, fetch, now, sleep, timeLimits, renewedFor: renewals.renewedFor },
      onAnswer: ({ status }: { readonly status: number }) => {
        metrics().add(MetricName.apiRequests);
        if (status === 429) metrics().add(MetricName.rateLimited);
      },
    };
    // Steps that ask RingCentral nothing need no credential.
    const client = await broker.server().then(
      (server) => createClient({ ...clientOptions, server }),
      (error: unknown) => closedClient(error, { timeLimits, gate: (group) => gates[group] }),
    );
    return { ...services, client, broker, nextWindowAt: gates[paced].nextWindowAt };
  };
}

interface BrokerOptions {
  readonly job: JobName;
  readonly outside: Outside;
  /** Whether an operator started the run. */
  readonly personAsks: () => boolean;
}

/** One login for all jobs: the token carries what they need together. */
function openBroker(
  config: ApiEnvironment,
  { job, outside, personAsks }: BrokerOptions,
  { state, now, metrics }: StorageServices,
): TokenBroker {
  const { fetch, sleep, nonce } = outside;
  const secrets = outside.secrets();
  const own = jobs[job].scopes;
  const together = config[Env.scopes]?.split(" ") ?? own;
  const brokerFor = (scopes: readonly string[]) =>
    createTokenBroker({
      readCredential: async () => {
        const credential = parseCredential(await readSecret(secrets, config[Env.credentialSecret]), now());
        metrics.set(
          MetricName.credentialDaysLeft,
          Math.min(daysUntilExpiry(credential, now()) ?? neverExpiresDays, neverExpiresDays),
        );
        return credential;
      },
      records: (name) => versionedObject(state, stateKeys.token(name), TokenRecord),
      exchange: createTokenExchange({ scopes, fetch }),
      revoke: (credential, token) => revokeToken(credential, token, fetch),
      ...{ scope: [...scopes].sort().join(" "), now, sleep, nonce, personAsks },
      onExchange: () => metrics.add(MetricName.tokenExchanges),
    });
  return together.length > own.length ? withScopeFallback(brokerFor(together), brokerFor(own)) : brokerFor(own);
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
