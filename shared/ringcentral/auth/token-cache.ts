import type { CachedToken } from "./cached-token.ts";

/** A container's tokens: the one in use, and those that RingCentral rejected. Only `reinstate` lets one of these be used again. */
export interface TokenCache {
  /** Returns the token in use, unless it has expired. */
  readonly get: () => CachedToken | undefined;
  readonly set: (token: CachedToken) => void;
  readonly reject: (token: string) => void;
  readonly isRejected: (token: string) => boolean;
  /** Makes a rejected token usable again until it expires. */
  readonly reinstate: (token: string) => void;
  /** Marks a token that replaces a rejected one as untried, until RingCentral accepts it for any request. */
  readonly try: (token: string) => void;
  readonly accept: (token: string) => void;
  /** True for an untried replacement younger than 30 s, or one that replaced an untried one. */
  readonly isUntried: (token: string) => boolean;
  /** Drops the token in use, which stays valid elsewhere. */
  readonly clear: () => void;
}

/**
 * Ample for the request that the token was replaced for. After a longer time other logins may have ended its session.
 */
const maxUnusedMs = 30_000;

/** Creates the token cache of one container; it never returns an expired token. */
export function createTokenCache(now: () => Date): TokenCache {
  const rejected = new Map<string, CachedToken | undefined>();
  let cached: CachedToken | undefined;
  let untried: { readonly token: string; readonly since: Date; readonly replacesUntried: boolean } | undefined;
  let lastTried: string | undefined;
  return {
    get: () => (cached && now() < cached.expiresAt ? cached : undefined),
    set: (token) => {
      cached = token;
    },
    reject: (token) => {
      const isCached = cached?.value === token;
      rejected.set(token, isCached ? cached : rejected.get(token));
      if (isCached) cached = undefined;
    },
    isRejected: (token) => rejected.has(token),
    reinstate: (token) => {
      cached ??= rejected.get(token);
      rejected.delete(token);
    },
    try: (token) => {
      // Several requests may have received it together, and one of them may already have succeeded.
      if (token !== lastTried) untried = { token, since: now(), replacesUntried: untried !== undefined };
      lastTried = token;
    },
    accept: (token) => {
      if (untried?.token === token) untried = undefined;
    },
    isUntried: (token) => {
      if (untried?.token !== token) return false;
      return untried.replacesUntried || now().getTime() - untried.since.getTime() < maxUnusedMs;
    },
    clear: () => {
      cached = undefined;
    },
  };
}
