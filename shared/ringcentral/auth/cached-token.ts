import type { ScopeRecord } from "./token-record.ts";
import type { TokenSeal } from "./token-seal.ts";

/** An access token in a container's memory. */
export interface CachedToken {
  readonly value: string;
  readonly expiresAt: Date;
  /** From when on another is looked for; until it expires this one still serves. */
  readonly renewAt: Date;
}

/** After a renewal that failed the record is not looked at again for this long. */
const renewAgainMs = 30_000;

export function toCachedToken(value: string, token: ScopeRecord["token"]): CachedToken {
  return { value, expiresAt: new Date(token?.expiresAt ?? 0), renewAt: new Date(token?.renewAt ?? 0) };
}

/** A stored token, or undefined where there is none or another credential sealed it. */
export async function unsealToken(token: ScopeRecord["token"], seal: TokenSeal): Promise<CachedToken | undefined> {
  const value = token && (await seal.open(token.sealed));
  return value ? toCachedToken(value, token) : undefined;
}

/** A living token that serves on although it is due, never beyond its end. */
export function withLaterRenewal(get: CachedToken, now: Date): CachedToken {
  return { ...get, renewAt: new Date(Math.min(now.getTime() + renewAgainMs, get.expiresAt.getTime())) };
}
