import type { ScopeRecord } from "./token-record.ts";
import type { TokenSeal } from "./token-seal.ts";

/** An access token in a container's memory. */
export interface CachedToken {
  readonly value: string;
  readonly expiresAt: Date;
  /** From when on it is renewed. It stays usable until it expires. */
  readonly renewAt: Date;
}

/** Delay before the record is read again after a failed renewal. */
const renewAgainMs = 30_000;

export function toCachedToken(value: string, token: ScopeRecord["token"]): CachedToken {
  return { value, expiresAt: new Date(token?.expiresAt ?? 0), renewAt: new Date(token?.renewAt ?? 0) };
}

/** Opens a stored token. Undefined if there is none, or another credential sealed it. */
export async function unsealToken(token: ScopeRecord["token"], seal: TokenSeal): Promise<CachedToken | undefined> {
  const value = token && (await seal.open(token.sealed));
  return value ? toCachedToken(value, token) : undefined;
}

/** Returns the token with its renewal 30 s later, at most at its expiry. */
export function withLaterRenewal(token: CachedToken, now: Date): CachedToken {
  return { ...token, renewAt: new Date(Math.min(now.getTime() + renewAgainMs, token.expiresAt.getTime())) };
}
