import { hasCode } from "../../errors.ts";
import type { TokenBroker } from "./token-broker.ts";

/** Refusals that concern a requested scope (RFC 6749 §5.2, RFC 6750 §3.1). https://developers.ringcentral.com/guide/basics/errors */
const scopeRefusals: readonly unknown[] = ["invalid_scope", "insufficient_scope", "OAU-105", "OAU-106"];

/**
 * Uses the token that all jobs share. If the app lacks one of its scopes, uses a token with this job's own scopes: a scope
 * that only another job needs must not stop this one.
 */
export function withScopeFallback(allScopes: TokenBroker, ownScopes: TokenBroker): TokenBroker {
  let broker = allScopes;
  return {
    server: () => broker.server(),
    fingerprint: () => broker.fingerprint(),
    scope: () => broker.scope(),
    token: async () => {
      const requested = broker;
      try {
        return await requested.token();
      } catch (error) {
        if (requested === ownScopes || !lacksScope(error)) throw error;
        broker = ownScopes;
        return ownScopes.token();
      }
    },
    accept: (token) => broker.accept(token),
    reject: (token) => broker.reject(token),
    renew: (token) => broker.renew(token),
    revoke: () => broker.revoke(),
  };
}

function lacksScope(error: unknown): boolean {
  return hasCode(error, "CREDENTIAL_REFUSED") && scopeRefusals.includes(error.details.errorCode);
}
