import { Pause } from "../../core/async/pause.ts";
import type { TokenSource } from "../http/token-source.ts";
import { type CachedToken, unsealToken, withLaterRenewal } from "./cached-token.ts";
import type { Credential } from "./credential.ts";
import { type CredentialSourceOptions, createCredentialSource } from "./credential-source.ts";
import { createDistributedToken, type DistributedTokenOptions } from "./distributed-token.ts";
import { createTokenCache } from "./token-cache.ts";

/** What became of a request to revoke the token. */
export type Revocation = "revoked" | "refused" | "none";

/** Provides access tokens, with one login for all functions. */
export interface TokenBroker extends TokenSource {
  /** Returns a fingerprint of the credential in use, which reveals nothing of it. */
  readonly fingerprint: () => Promise<string>;
  /** Returns the app scopes that the tokens in use were requested for, separated by spaces. */
  readonly scope: () => string;
  /** Marks a token that RingCentral rejected with 401. It is used again only if another cannot be exchanged in time. */
  readonly reject: (token: string) => void;
  /** Revokes the cached or stored token, and with it its session (RFC 7009). `none`: there is no token to revoke. */
  readonly revoke: () => Promise<Revocation>;
}

export interface TokenBrokerOptions extends CredentialSourceOptions, DistributedTokenOptions {
  readonly revoke: (credential: Credential, token: string) => Promise<boolean>;
}

/** Pause after RingCentral issued a token again that it had rejected: another login soon would return it again. */
const sameAgainPauseMs = 30_000;
/** Any running exchange ends within this time; a longer wait comes from the limit of exchanges. */
const maxExchangeWaitMs = 60_000;

/** Creates the broker of one container: it caches the token, renews it, and shares it over the record. */
export function createTokenBroker(options: TokenBrokerOptions): TokenBroker {
  const { now } = options;
  const cache = createTokenCache(now);
  const source = createCredentialSource(options, cache.clear);
  const distributedToken = createDistributedToken(options, source, cache);
  let underWay: Promise<CachedToken> | undefined;

  /** Returns the cached token if renewal failed and it has not expired; else throws `error`. */
  const cachedOrThrow = (error: unknown): CachedToken => {
    const cached = cache.get();
    if (!cached) throw error;
    return withLaterRenewal(cached, now());
  };

  const keep = (token: CachedToken): CachedToken => {
    if (cache.isRejected(token.value)) throw new Pause(new Date(now().getTime() + sameAgainPauseMs), "token");
    cache.set(token);
    return token;
  };

  const token = async (): Promise<string> => {
    const cached = cache.get();
    if (cached && now() < cached.renewAt) return cached.value;
    underWay ??= distributedToken()
      .catch(cachedOrThrow)
      .then(keep)
      .finally(() => {
        underWay = undefined;
      });
    return (await underWay).value;
  };

  return {
    server: async () => (await source.current()).credential.server,
    fingerprint: async () => (await source.current()).seal.fingerprint,
    scope: () => options.scope,
    token,
    accept: cache.accept,
    reject: cache.reject,
    renew: async (rejected) => {
      if (cache.isUntried(rejected)) return false;
      cache.reject(rejected);
      try {
        cache.try(await token());
        return true;
      } catch (error) {
        const isLimited = error instanceof Pause && error.until.getTime() - now().getTime() > maxExchangeWaitMs;
        if (!isLimited) throw error;
        cache.reinstate(rejected);
        return false;
      }
    },
    revoke: async () => {
      const { credential, seal, record } = await source.reload();
      const stored = await record.read();
      const token = cache.get()?.value ?? (await unsealToken(stored?.value?.scopes[options.scope]?.token, seal))?.value;
      if (!token) return "none";
      const isRevoked = await options.revoke(credential, token);
      cache.reject(token);
      return isRevoked ? "revoked" : "refused";
    },
  };
}
