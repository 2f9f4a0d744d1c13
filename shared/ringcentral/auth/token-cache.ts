import type { CachedToken } from "./cached-token.ts";

/** What a container knows of tokens: the one it holds, and those that RingCentral has rejected, which never serve again. */
export interface TokenCache {
  /** The token that is held, unless it has expired. */
  readonly get: () => CachedToken | undefined;
  readonly set: (token: CachedToken) => void;
  readonly reject: (token: string) => void;
  readonly isRejected: (token: string) => boolean;
  /** Lets a rejected token serve again, while it lives. */
  readonly reinstate: (token: string) => void;
  /** Notes a token that replaces a refused one, until RingCentral accepts it for something. */
  readonly try: (token: string) => void;
  readonly accept: (token: string) => void;
  /** True for a replacement that RingCentral has accepted for nothing yet; once, not for one that is 30 s old. */
  readonly isUntried: (token: string) => boolean;
  /** Holds nothing any more; what was held may serve elsewhere. */
  readonly clear: () => void;
}

/** Ample for the request that it replaced a token for. One that waited longer unused may have lost its session to other logins. */
const maxUnusedMs = 30_000;

export function createTokenMemory(now: () => Date): TokenCache {
  const rejected = new Map<string, CachedToken | undefined>();
  let get: CachedToken | undefined;
  let untried: { readonly token: string; readonly since: Date; readonly replacesUntried: boolean } | undefined;
  let lastTried: string | undefined;
  return {
    get: () => (get && now() < get.expiresAt ? get : undefined),
    set: (token) => {
      get = token;
    },
    reject: (token) => {
      const isHeld = get?.value === token;
      rejected.set(token, isHeld ? get : rejected.get(token));
      if (isHeld) get = undefined;
    },
    isRejected: (token) => rejected.has(token),
    reinstate: (token) => {
      get ??= rejected.get(token);
      rejected.delete(token);
    },
    try: (token) => {
      // Several requests may have got it together, and one of them may have been served already.
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
      get = undefined;
    },
  };
}
