import { JobError } from "../../errors.ts";
import type { TokenBroker } from "./token-broker.ts";

/** Refusals that concern a scope asked for (RFC 6749 §5.2, RFC 6750 §3.1; RingCentral guide: errors, OAuth). */
const scopeRefusals: readonly unknown[] = ["invalid_scope", "insufficient_scope", "OAU-105", "OAU-106"];

/**
 * The token that all jobs share; where the app lacks a scope that it asks for, a token with this job's own scopes instead:
 * what only another job lacks must not stop this one.
 */
export function withScopeFallback(shared: TokenBroker, own: TokenBroker): TokenBroker {
  let broker = shared;
  return {
    server: () => broker.server(),
    fingerprint: () => broker.fingerprint(),
    token: async () => {
      const asked = broker;
      try {
        return await asked.token();
      } catch (error) {
        if (asked === own || !lacksScope(error)) throw error;
        broker = own;
        return own.token();
      }
    },
    accept: (token) => broker.accept(token),
    reject: (token) => broker.reject(token),
    renew: (token) => broker.renew(token),
    revoke: () => broker.revoke(),
  };
}

function lacksScope(error: unknown): boolean {
  return (
    error instanceof JobError && error.code === "CREDENTIAL_REFUSED" && scopeRefusals.includes(error.details.errorCode)
  );
}
