import { Env } from "../../contract.ts";
import type { ServerProbe } from "../../core/access/connection-lines.ts";
import type { JwtDates } from "../../core/access/credential-lines.ts";
import { jobs } from "../../jobs.ts";
import { jwtDates } from "../../ringcentral/auth/credential.ts";
import { probeServer } from "../../ringcentral/http/probe-server.ts";
import { parseConfig } from "../../runtime/config.ts";
import { type ApiServices, openApi } from "../../wiring/api-services.ts";
import { ApiEnvironment } from "../../wiring/environment.ts";
import { createJobsAtWork } from "../../wiring/jobs-at-work.ts";
import { lazyServices } from "../../wiring/lazy-services.ts";
import { createCredentialReader } from "../../wiring/read-credential.ts";
import { checkAccessDeployment } from "./deployment.ts";

/** What a report says of the credential; nothing of it is secret. */
export interface CredentialFacts extends JwtDates {
  /** Origin of the API. */
  readonly server: string;
}

/** Services for the steps of `check-access`. */
export interface AccessServices extends ApiServices {
  /** App scopes that the deployed jobs need together. */
  readonly neededScopes: readonly string[];
  /** Reads the secret. @throws CREDENTIAL_MISSING, CREDENTIAL_INVALID */
  readonly readCredential: () => Promise<CredentialFacts>;
  readonly probeServer: (server: string) => Promise<ServerProbe>;
  /** Counts the jobs at work on the rate group Heavy, which this job uses without being one of them. */
  readonly heavyJobsAtWork: () => Promise<number>;
  /** Milliseconds by which this machine's clock is ahead of S3's. */
  readonly clockErrorMs: () => number;
}

const heavyJobs = Object.entries(jobs).flatMap(([job, deployment]) =>
  "rateGroup" in deployment && deployment.rateGroup === "heavy" ? [job] : [],
);

/** Opens the services of `check-access`. */
export const accessServices = lazyServices<AccessServices>("check-access", (environment, options) => {
  const config = parseConfig(ApiEnvironment, environment);
  const api = openApi(config, { ...options, deployment: checkAccessDeployment });
  const { fetch, machineNow, secrets: openSecrets } = options.outside;
  const secrets = openSecrets();
  return async (run) => {
    const services = await api(run);
    const { state, now, metrics } = services;
    const readCredential = createCredentialReader({ secrets, secretId: config[Env.credentialSecret], now, metrics });
    const countHeavyJobs = createJobsAtWork(state, heavyJobs, now);
    return {
      ...services,
      neededScopes: config[Env.scopes]?.split(" ") ?? checkAccessDeployment.scopes,
      readCredential: async () => {
        const credential = await readCredential();
        return { server: credential.server, ...jwtDates(credential) };
      },
      probeServer: (server) => probeServer({ server, fetch, nowMs: machineNow }),
      heavyJobsAtWork: async () => (await countHeavyJobs()) - 1,
      clockErrorMs: () => machineNow() - now().getTime(),
    };
  };
});
