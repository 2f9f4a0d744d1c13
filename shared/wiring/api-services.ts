import { versionedObject } from "../aws/versioned-object.ts";
import { Env, MetricName } from "../contract.ts";
import { stateKeys } from "../core/object-keys.ts";
import type { JobDeployment } from "../job-deployment.ts";
import { withScopeFallback } from "../ringcentral/auth/scope-fallback.ts";
import { createTokenBroker, type TokenBroker } from "../ringcentral/auth/token-broker.ts";
import { createTokenExchange, revokeToken } from "../ringcentral/auth/token-exchange.ts";
import { TokenRecord } from "../ringcentral/auth/token-record.ts";
import { type Client, createClient } from "../ringcentral/http/client.ts";
import { closedClient } from "../ringcentral/http/closed-client.ts";
import { createRateGates } from "../ringcentral/http/rate-gate.ts";
import { createRequestPace, type RequestPace } from "../ringcentral/http/request-pace.ts";
import { defaultTimeouts, type Timeouts } from "../ringcentral/http/timeouts.ts";
import type { Run } from "../runtime/job.ts";
import type { ApiEnvironment } from "./environment.ts";
import type { ContainerOptions } from "./lazy-services.ts";
import type { Outside } from "./outside.ts";
import { createCredentialReader } from "./read-credential.ts";
import { openStorage, type StorageServices } from "./storage-services.ts";

/** Services for the steps of a job that sends requests to RingCentral. */
export interface ApiServices extends StorageServices {
  readonly client: Client;
  readonly broker: TokenBroker;
}

export interface ApiOptions extends ContainerOptions {
  readonly deployment: Required<Pick<JobDeployment, "scopes" | "rateGroup">>;
}

/** Opens a container's services. Returns a function that creates each slice's client and rate gates. */
export function openApi(config: ApiEnvironment, options: ApiOptions) {
  const { metrics, outside } = options;
  const { scopes, rateGroup } = options.deployment;
  const { fetch, sleep } = outside;
  const storage = openStorage(config, options);
  const pace = createRequestPace(sleep);
  let isManual = false;
  let broker: TokenBroker | undefined;
  let renewals = { run: "", renewedFor: new Map<string, string>() };
  return async (run: Run): Promise<ApiServices> => {
    const services = storage(run);
    isManual = run.manual;
    broker ??= openBroker(config, { scopes, outside, pace, isManual: () => isManual }, services);
    const { now, jobsAtWork } = services;
    const gates = createRateGates(now, { [rateGroup]: jobsAtWork });
    if (renewals.run !== run.name) renewals = { run: run.name, renewedFor: new Map() };
    const timeouts = timeoutsOf(config[Env.idleTimeout]);
    const clientOptions = {
      broker,
      gates,
      fetch,
      pace,
      now,
      sleep,
      timeouts,
      renewedFor: renewals.renewedFor,
      onResponse: ({ status }: { readonly status: number }) => {
        metrics().add(MetricName.apiRequests);
        if (status === 429) metrics().add(MetricName.rateLimited);
      },
    };
    // Steps without requests to RingCentral need no credential.
    const client = await broker.server().then(
      (server) => createClient({ ...clientOptions, server }),
      (error: unknown) => closedClient(error, { timeouts, gate: (group) => gates[group] }),
    );
    return { ...services, client, broker, nextWindowAt: gates[rateGroup].nextWindowAt };
  };
}

interface BrokerOptions {
  readonly scopes: readonly string[];
  readonly outside: Outside;
  readonly pace: RequestPace;
  /** True if an operator started the current run. */
  readonly isManual: () => boolean;
}

/** Opens the token broker: one login for all jobs, with the scopes of all of them. */
function openBroker(
  config: ApiEnvironment,
  { scopes: ownScopes, outside, pace, isManual }: BrokerOptions,
  { state, now, metrics }: StorageServices,
): TokenBroker {
  const { sleep, nonce } = outside;
  const fetch: Outside["fetch"] = async (...request) => {
    await pace();
    return outside.fetch(...request);
  };
  const secrets = outside.secrets();
  const allScopes = config[Env.scopes]?.split(" ") ?? ownScopes;
  const brokerFor = (scopes: readonly string[]) =>
    createTokenBroker({
      readCredential: createCredentialReader({ secrets, secretId: config[Env.credentialSecret], now, metrics }),
      records: (name) => versionedObject(state, stateKeys.token(name), TokenRecord),
      exchange: createTokenExchange({ scopes, fetch }),
      revoke: (credential, token) => revokeToken(credential, token, fetch),
      scope: [...scopes].sort().join(" "),
      now,
      sleep,
      nonce,
      isManual,
      onExchange: () => metrics.add(MetricName.tokenExchanges),
    });
  // A trial shares the archive's scopes only: a token without one of this job's own would be refused at each request.
  const isForAll = allScopes.length > ownScopes.length && ownScopes.every((scope) => allScopes.includes(scope));
  return isForAll ? withScopeFallback(brokerFor(allScopes), brokerFor(ownScopes)) : brokerFor(ownScopes);
}

/** Returns all timeouts, in proportion to the idle timeout of the settings. */
function timeoutsOf(idleTimeoutSeconds: number): Timeouts {
  const factor = (idleTimeoutSeconds * 1000) / defaultTimeouts.idleMs;
  const { headersMs, idleMs, textMs, recordingMs } = defaultTimeouts;
  return {
    headersMs: headersMs * factor,
    idleMs: idleMs * factor,
    textMs: textMs * factor,
    recordingMs: recordingMs * factor,
  };
}
